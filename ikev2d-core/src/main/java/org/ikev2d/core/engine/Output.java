package org.ikev2d.core.engine;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;

/** What the engine wants done, in order. What the kernel is to do goes through its port at once. */
public sealed interface Output {
    /**
     * Send an IKE message.
     *
     * @param encapsulated put the non-ESP marker in front (RFC 7296 §3.1)
     */
    record Send(Endpoint local, Endpoint remote, Bytes octets, boolean encapsulated) implements Output {}

    /** Send one octet 0xff, so that a NAT keeps its mapping (RFC 3948 §4). */
    record Keepalive(Endpoint local, Endpoint remote) implements Output {}

    /** A tunnel's state has changed; replaces what was told of it before. */
    record Status(TunnelStatus status) implements Output {}

    /** Something happened that an operator may want to read. */
    record Told(Event event) implements Output {}

    /**
     * Judge whether certificates make the peer who it says it is; answered by {@link Input.Judged}, once and within seconds.
     * An answer that nobody waits for any more does no harm.
     *
     * @param tunnel by whose rules
     * @param certificates as they came: the peer's own X.509 certificate first, then others and CRLs in any order
     */
    record Judge(Ticket ticket, String tunnel, Identity claimed, List<Payload.Certificate> certificates)
            implements Output {
        public Judge {
            certificates = List.copyOf(certificates);
        }

        /**
         * Comes back with the answer.
         *
         * @param sa by our SPI
         * @param round of questions about its peer, 1 upwards
         */
        public record Ticket(IkeSpi sa, int round) {}
    }

    /** The answer to {@link Input.Up}, {@link Input.Down}, {@link Input.Rekey} and {@link Input.Reconfigure}. */
    record Reply(long ticket, boolean ok, String text) implements Output {}

    /** The answer to {@link Input.Stop}: nothing more will come. */
    record Stopped() implements Output {}
}
