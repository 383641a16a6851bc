package org.ikev2d.core.policy;

/**
 * How the packets of a tunnel find their way.
 *
 * @param mobike whether a peer that began may tell us that it has another address (RFC 4555)
 */
public record PathPolicy(Encap encap, boolean mobike) {
    public static final PathPolicy DEFAULT = new PathPolicy(Encap.AUTO, true);

    /** When ESP goes in UDP. */
    public enum Encap {
        /** Where there is a NAT. */
        AUTO,
        /** Always: the hashes of RFC 7296 §2.23 are made to differ. */
        YES,
        /** Always, and each SA of a set sends from a port of its own, so that a NIC tells them apart by their ports. */
        PER_QUEUE
    }

    /** With ESP always in UDP, and all of it between the ports that IKE has. */
    public PathPolicy forced() {
        return new PathPolicy(Encap.YES, mobike);
    }
}
