package org.ikev2d.core.kernel;

/** Which way a policy looks (linux/xfrm.h XFRM_POLICY_*); states have {@link #IN} and {@link #OUT} only. */
public enum Direction {
    IN,
    OUT,
    /** Forwarded after decapsulation. */
    FORWARD
}
