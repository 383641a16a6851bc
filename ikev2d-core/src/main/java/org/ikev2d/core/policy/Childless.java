package org.ikev2d.core.policy;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.Payload;

/** Whether an IKE SA may come up without a Child SA, which is then made by an exchange of its own (RFC 6023). */
public enum Childless {
    /** A peer that begins may do so. */
    ACCEPT,
    /** So may a peer, and so do we where the peer can: the first Child SA, too, then has a key exchange of its own. */
    PREFER,
    NEVER;

    /** CHILDLESS_IKEV2_SUPPORTED, which a responder says; it names a protocol, as no other notify without an SPI does. */
    public static Payload supported() {
        return new Payload.Notify(
                ProtocolId.IKE.code(), Bytes.empty(), NotifyType.CHILDLESS_IKEV2_SUPPORTED.code(), Bytes.empty());
    }
}
