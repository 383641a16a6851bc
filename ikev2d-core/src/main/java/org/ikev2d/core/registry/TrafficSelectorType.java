package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Traffic Selector Types". */
public enum TrafficSelectorType implements CodePoint {
    IPV4_ADDR_RANGE(7, "RFC 7296 §3.13.1"),
    IPV6_ADDR_RANGE(8, "RFC 7296 §3.13.1");

    private static final Map<Integer, TrafficSelectorType> BY_CODE = CodePoint.index(TrafficSelectorType.class);

    private final int code;
    private final String reference;

    TrafficSelectorType(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<TrafficSelectorType> of(int code) {
        return CodePoint.find(BY_CODE, code);
    }

    @Override
    public int code() {
        return code;
    }

    @Override
    public String reference() {
        return reference;
    }
}
