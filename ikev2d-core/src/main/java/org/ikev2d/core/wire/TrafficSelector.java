package org.ikev2d.core.wire;

import org.ikev2d.core.net.IpAddress;

/**
 * A range of addresses and ports (RFC 7296 §3.13.1).
 *
 * @param ipProtocol 0 for any, else 1 to 255
 * @param startPort 0 to 65535; for ICMP, type and code as one number
 * @param endPort not below startPort, save for OPAQUE: 65535 to 0
 * @param first of the same family as {@code last}, and not above it
 */
public record TrafficSelector(int ipProtocol, int startPort, int endPort, IpAddress first, IpAddress last) {
    public TrafficSelector {
        if (first.isIpv4() != last.isIpv4()) {
            throw new IllegalArgumentException(first + " and " + last + " are of two families");
        }
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException(first + " is above " + last);
        }
        if (!portsInOrder(startPort, endPort)) {
            throw new IllegalArgumentException("port " + startPort + " is above " + endPort);
        }
    }

    static boolean portsInOrder(int startPort, int endPort) {
        return startPort <= endPort || (startPort == 0xffff && endPort == 0);
    }

    /** Every protocol and port of the addresses {@code first} to {@code last}. */
    public static TrafficSelector anyPort(IpAddress first, IpAddress last) {
        return new TrafficSelector(0, 0, 0xffff, first, last);
    }

    /**
     * Reads addresses as {@code 10.1.0.0/16}, {@code 10.1.0.1-10.1.0.9} or {@code 10.1.0.1}, and behind them, where only
     * some packets are meant, {@code [tcp/443]}, {@code [udp/1000-2000]}, {@code [icmp]}, {@code [icmp/8]} (a type),
     * {@code [tcp/opaque]} or {@code [17]}.
     *
     * @throws IllegalArgumentException with a text for a person, that says what would be right
     */
    public static TrafficSelector parse(String text) {
        return SelectorText.parse(text);
    }

    /** The form that {@link #parse} reads; a prefix where the range is one. */
    public String describe() {
        return SelectorText.describe(this);
    }
}
