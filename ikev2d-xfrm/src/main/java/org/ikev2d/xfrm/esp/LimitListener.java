package org.ikev2d.xfrm.esp;

/** Hears of limits that were reached, each kind once. Called by the thread whose packet did it, so it must not wait. */
@FunctionalInterface
public interface LimitListener {
    /** @param hard whether the SA carries nothing any more; else it wants to be rekeyed */
    void reached(boolean hard);
}
