package org.ikev2d.core.world;

/**
 * A connected socket's packets: the kernel remembers which state it found for them.
 *
 * @param id tells flows of equal packets apart
 */
public record Flow(int id, Packet packet) {}
