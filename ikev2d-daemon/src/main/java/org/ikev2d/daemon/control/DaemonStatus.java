package org.ikev2d.daemon.control;

import java.util.List;

/**
 * The daemon as a whole.
 *
 * @param startedAt seconds since the epoch
 * @param dataplane what carries the packets
 * @param cannot what the daemon was found not to be able to do, and what follows from that
 */
public record DaemonStatus(String version, long startedAt, Dataplane dataplane, List<String> cannot) {
    public DaemonStatus {
        cannot = List.copyOf(cannot);
    }

    /**
     * What carries the packets.
     *
     * @param name {@code kernel} or {@code userspace}
     * @param why it is this one
     * @param unit what each SA of a set is for: {@code cpu} or {@code queue}
     * @param can what it was found to be able to do, a few words each
     */
    public record Dataplane(String name, String why, String unit, List<String> can) {
        public Dataplane {
            can = List.copyOf(can);
        }
    }
}
