package org.ikev2d.core.crypto;

/** Where randomness comes from. */
@FunctionalInterface
public interface Entropy {
    /** Fresh unpredictable octets, the caller's own. */
    byte[] octets(int count);
}
