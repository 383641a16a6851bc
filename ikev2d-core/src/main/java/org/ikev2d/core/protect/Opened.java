package org.ikev2d.core.protect;

import java.util.List;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.Payload;

/** What became of a datagram that claimed to belong to an IKE SA. */
public sealed interface Opened {
    /**
     * From the peer, and well formed. Who may send which payloads in which exchange is not judged here.
     *
     * @param payloads those that were encrypted, in the order received
     */
    record Message(IkeHeader header, List<Payload> payloads) implements Opened {
        public Message {
            payloads = List.copyOf(payloads);
        }
    }

    /** From the peer, but its payloads are none: a request is to be answered with the error (RFC 7296 §2.21.3). */
    record Malformed(IkeHeader header, DecodeException cause) implements Opened {}

    /**
     * From anyone: no answer, no change of state.
     *
     * @param detail for a person
     */
    record Discarded(Reason reason, String detail) implements Opened {
        public enum Reason {
            /** The header, or what stands before the Encrypted payload, does not parse. */
            NOT_A_MESSAGE,
            /** No Encrypted payload. */
            NOT_PROTECTED,
            /** An Encrypted Fragment payload, which we did not ask for (RFC 7383 §2.3). */
            FRAGMENT,
            /** No room for initialization vector and checksum. */
            TOO_SHORT,
            /** Made without the peer's keys, or changed on its way. */
            BAD_CHECKSUM
        }
    }
}
