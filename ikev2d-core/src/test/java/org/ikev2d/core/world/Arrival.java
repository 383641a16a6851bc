package org.ikev2d.core.world;

/** What the kernel did with an ESP packet that came in. */
public sealed interface Arrival {
    record Accepted(Packet packet) implements Arrival {}

    record Dropped(String why) implements Arrival {}
}
