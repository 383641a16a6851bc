package org.ikev2d.xfrm.esp;

/** Why a packet was not sealed. */
public enum SealRefusal {
    /** The sequence number would cycle (RFC 4303 §3.3.3). */
    SEQUENCE_EXHAUSTED,
    /** A hard limit was reached. */
    WORN_OUT,
    /** The SA was closed. */
    CLOSED
}
