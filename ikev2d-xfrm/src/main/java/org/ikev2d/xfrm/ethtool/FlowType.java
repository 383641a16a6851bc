package org.ikev2d.xfrm.ethtool;

/** Kinds of packets that a NIC tells apart (linux/ethtool.h, TCP_V4_FLOW and the like). */
public enum FlowType {
    UDP4(0x02),
    UDP6(0x06),
    /** ESP and AH together, as hashes are asked for. */
    AH_ESP4(0x04),
    AH_ESP6(0x08),
    ESP4(0x0a),
    ESP6(0x0c);

    private final int number;

    FlowType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
