package org.ikev2d.core.kernel;

/** What names a policy in the kernel. */
public record PolicyId(Direction direction, PacketSelector selector) {}
