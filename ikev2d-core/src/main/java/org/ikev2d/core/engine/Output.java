package org.ikev2d.core.engine;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.Endpoint;

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

    /** The answer to {@link Input.Up} and {@link Input.Down}. */
    record Reply(long ticket, boolean ok, String text) implements Output {}

    /** The answer to {@link Input.Stop}: nothing more will come. */
    record Stopped() implements Output {}
}
