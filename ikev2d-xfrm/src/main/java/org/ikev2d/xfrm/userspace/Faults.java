package org.ikev2d.xfrm.userspace;

/** Hears of what should not happen. Any thread. */
public interface Faults {
    /**
     * A fault of ours, or a refusal that nobody waits for. Work goes on.
     *
     * @param what was being done
     */
    void tell(String what, Exception fault);

    /** There is no going on. */
    void over(String why);
}
