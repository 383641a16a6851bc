package org.ikev2d.daemon.control;

import java.util.List;

/**
 * The daemon as a whole.
 *
 * @param startedAt seconds since the epoch
 * @param dataplane what carries the packets: {@code kernel}
 * @param can what the data plane was found to be able to do, a few words each
 * @param cannot what it was found not to be able to do, and what follows from that
 */
public record DaemonStatus(String version, long startedAt, String dataplane, List<String> can, List<String> cannot) {
    public DaemonStatus {
        can = List.copyOf(can);
        cannot = List.copyOf(cannot);
    }
}
