package org.ikev2d.planted.sa;

import org.ikev2d.planted.engine.StateManager;

/** Makes a cycle of two storeys. */
public final class UsesEngine {
    private UsesEngine() {}

    public static String above() {
        return StateManager.class.getName();
    }
}
