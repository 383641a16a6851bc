package org.ikev2d.daemon.doctor;

import java.util.List;
import org.ikev2d.xfrm.ethtool.FlowType;

/** Kinds of packets between gateways, as {@code ethtool} calls them. */
enum Flow {
    ESP4("esp4"),
    ESP6("esp6"),
    UDP4("udp4"),
    UDP6("udp6");

    private final String word;

    Flow(String word) {
        this.word = word;
    }

    static List<Flow> of(boolean ipv4) {
        return ipv4 ? List.of(ESP4, UDP4) : List.of(ESP6, UDP6);
    }

    String word() {
        return word;
    }

    boolean isEsp() {
        return this == ESP4 || this == ESP6;
    }

    /** What drivers know it as: the first that one answers to. */
    List<FlowType> types() {
        return switch (this) {
            case ESP4 -> List.of(FlowType.AH_ESP4, FlowType.ESP4);
            case ESP6 -> List.of(FlowType.AH_ESP6, FlowType.ESP6);
            case UDP4 -> List.of(FlowType.UDP4);
            case UDP6 -> List.of(FlowType.UDP6);
        };
    }
}
