package org.ikev2d.core.engine;

/** IKEv2 as a function of time and input. One thread calls it. */
@FunctionalInterface
public interface Engine {
    /**
     * The same inputs at the same times, with ports that answer the same, give the same outputs. Never throws for
     * anything that a peer, the kernel or an operator did.
     */
    Step handle(MonoTime now, Input input);
}
