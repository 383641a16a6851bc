package org.ikev2d.daemon.doctor;

/** What the doctor thinks of a point. */
public enum Verdict {
    /** Nothing is to be done. */
    FINE,
    /** Something could be better, and the operator can make it so. */
    TODO,
    /** It could not be looked at. */
    UNKNOWN
}
