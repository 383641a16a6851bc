package org.ikev2d.planted;

/** Belongs to no storey. */
public final class Homeless {
    private Homeless() {}
}
