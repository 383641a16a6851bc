package org.ikev2d.core.protect;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;

/** What became of a datagram that claimed to belong to an IKE SA. */
public sealed interface Opened {
    /**
     * From the peer, and well formed. Who may send which payloads in which exchange is not judged here.
     *
     * @param payloads those that were encrypted, in the order received
     * @param first the datagram that tells when the message comes again: its first, or only one (RFC 7383 §2.6.1)
     * @param unsealed the message in one piece and not encrypted ({@link MessageCodec#unsealed})
     */
    record Message(IkeHeader header, List<Payload> payloads, Bytes first, Bytes unsealed) implements Opened {
        public Message {
            payloads = List.copyOf(payloads);
        }
    }

    /**
     * From the peer, but its payloads are none: a request is to be answered with the error (RFC 7296 §2.21.3).
     *
     * @param first as of a {@link Message}
     */
    record Malformed(IkeHeader header, DecodeException cause, Bytes first) implements Opened {}

    /**
     * From the peer, a fragment, and kept: others are missing (RFC 7383 §2.6).
     *
     * @param kept how many are there, of {@code total}
     */
    record Partial(int kept, int total) implements Opened {}

    /**
     * From the peer, a fragment, and with it more than is kept of a message: nothing of it is kept (RFC 7383 §5).
     *
     * @param detail for a person
     */
    record Excessive(String detail) implements Opened {}

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
            /** A fragment that is there already, or one of a set that a finer one has replaced (RFC 7383 §2.6). */
            STALE_FRAGMENT,
            /** A fragment of the peer's with padding that cannot be. */
            BROKEN_FRAGMENT,
            /** No room for initialization vector and checksum. */
            TOO_SHORT,
            /** Made without the peer's keys, or changed on its way. */
            BAD_CHECKSUM
        }
    }
}
