package org.ikev2d.core.world;

/** What the kernel did with a packet that was to leave. */
public sealed interface Departure {
    record Encrypted(EspPacket packet) implements Departure {}

    /** No policy applies: it leaves as it is. */
    record InClear(Packet packet) implements Departure {}

    record Dropped(String why) implements Departure {}
}
