package org.ikev2d.core.wire;

import org.ikev2d.core.bytes.Bytes;

/**
 * An Encrypted payload (RFC 7296 §3.14) or Encrypted Fragment payload (RFC 7383 §2.5), unopened.
 *
 * @param payloadType 46 (SK) or 53 (SKF)
 * @param firstInnerPayload type of the first payload inside, 0 for none and for all fragments but the first
 * @param associatedData from the message's first octet to the one before {@code body}: what RFC 5282 §5.1 and RFC 7383
 *     §2.5 authenticate beside the ciphertext
 * @param body IV, ciphertext and ICV
 * @param bodyOffset where {@code body} begins, octets from the message's first
 * @param fragmentNumber 1 to {@code totalFragments}; 1 for SK
 * @param totalFragments 1 to 65535; 1 for SK
 */
public record Sealed(
        int payloadType,
        int firstInnerPayload,
        Bytes associatedData,
        Bytes body,
        int bodyOffset,
        int fragmentNumber,
        int totalFragments) {
    /** Which of how many it is, for a person. */
    public String fragmentText() {
        return "fragment " + fragmentNumber + " of " + totalFragments;
    }
}
