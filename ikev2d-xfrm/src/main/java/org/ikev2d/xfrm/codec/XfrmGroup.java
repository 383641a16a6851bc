package org.ikev2d.xfrm.codec;

/** Multicast groups, {@code XFRMNLGRP_*} (linux/xfrm.h). */
public enum XfrmGroup {
    ACQUIRE(1),
    /** Also policies' ends, which we do not tell. */
    EXPIRE(2),
    SA(3),
    POLICY(4),
    MAPPING(8);

    private final int number;

    XfrmGroup(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
