package org.ikev2d.daemon.control;

import java.time.Duration;

/**
 * What keeps a client from getting in others' way.
 *
 * @param connections at once; for one more, the one that has been idle longest goes
 * @param lineLength octets of a request, its newline not counted
 * @param waiting changes at once that wait for the engine
 * @param idle how long a connection may neither ask nor take its answer
 */
public record ControlLimits(int connections, int lineLength, int waiting, Duration idle) {
    public static final ControlLimits DEFAULT = new ControlLimits(32, 64 * 1024, 16, Duration.ofSeconds(60));
}
