package org.ikev2d.planted.codec;

import java.util.logging.Logger;
import jnr.ffi.Pointer;

/** Planted for the architecture test: a vague name, not final, logs, and knows jnr. */
public class MessageHelper {
    private final Logger log = Logger.getLogger("planted");

    public Logger log() {
        return log;
    }

    public Pointer memory() {
        return null;
    }
}
