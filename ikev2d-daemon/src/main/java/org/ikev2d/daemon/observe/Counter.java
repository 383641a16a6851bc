package org.ikev2d.daemon.observe;

import java.util.Locale;

/** What is counted from the daemon's start on. */
public enum Counter {
    /** IKE messages handed to the engine. */
    DATAGRAMS_IN,
    /** IKE messages given to a socket that took them. */
    DATAGRAMS_OUT,
    /** One octet 0xff from a peer behind a NAT (RFC 3948 §4). */
    KEEPALIVES_IN,
    KEEPALIVES_OUT,
    /** UDP datagrams without an octet. */
    DROPPED_EMPTY,
    /** ESP in UDP that reached us in place of the kernel. */
    DROPPED_ESP,
    /** Too short for anything that is spoken on the port. */
    DROPPED_RUNT,
    /** The engine was too busy; the peer sends again. */
    DROPPED_BUSY,
    /** The socket's queue was full; we send again. */
    DROPPED_UNSENT,
    /** The kernel refused to send. */
    SEND_ERRORS,
    RECEIVE_ERRORS,
    /** Kernel events that found no place in the engine's queue; an overrun was told in their stead. */
    KERNEL_EVENTS_LOST,
    /** Exceptions out of the engine: faults of ours. */
    ENGINE_FAULTS;

    /** As status shows it: {@code dropped-empty}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
