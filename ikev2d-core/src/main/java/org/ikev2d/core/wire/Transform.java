package org.ikev2d.core.wire;

import org.ikev2d.core.bytes.Bytes;

/**
 * One algorithm of a proposal (RFC 7296 §3.3.2), as received: known or not.
 *
 * @param type Transform Type number
 * @param id Transform ID within the type
 * @param keyBits the Key Length attribute, 0 where there is none (RFC 7296 §3.3.5)
 * @param otherAttributes attributes as on the wire that are no Key Length, or one that is zero, repeated or in the long
 *     format; a transform that has any is not understood and not chosen
 */
public record Transform(int type, int id, int keyBits, Bytes otherAttributes) {
    public static Transform of(int type, int id, int keyBits) {
        return new Transform(type, id, keyBits, Bytes.empty());
    }
}
