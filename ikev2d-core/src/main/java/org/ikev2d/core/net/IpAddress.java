package org.ikev2d.core.net;

import java.util.StringJoiner;
import org.ikev2d.core.bytes.Bytes;

/** An IPv4 (4 octets) or IPv6 (16 octets) address, in network order. */
public record IpAddress(Bytes octets) implements Comparable<IpAddress> {
    public IpAddress {
        if (octets.size() != 4 && octets.size() != 16) {
            throw new IllegalArgumentException("an address has 4 or 16 octets, not " + octets.size());
        }
    }

    public static IpAddress of(byte... octets) {
        return new IpAddress(Bytes.of(octets));
    }

    /**
     * Reads {@code 192.0.2.1} or {@code 2001:db8::1} (RFC 4291 §2.2). Never asks a name service.
     *
     * @throws IllegalArgumentException with a text for a person
     */
    public static IpAddress parse(String text) {
        return AddressParser.parse(text);
    }

    public boolean isIpv4() {
        return octets.size() == 4;
    }

    /** 32 or 128. */
    public int bits() {
        return octets.size() * 8;
    }

    /** IPv4 sorts before IPv6; within a family as numbers. */
    @Override
    public int compareTo(IpAddress other) {
        int bySize = Integer.compare(octets.size(), other.octets.size());
        return bySize != 0 ? bySize : octets.compareTo(other.octets);
    }

    /** Dotted decimal, or RFC 5952 text. */
    @Override
    public String toString() {
        return isIpv4() ? octets.at(0) + "." + octets.at(1) + "." + octets.at(2) + "." + octets.at(3) : ipv6Text();
    }

    private int group(int index) {
        return (octets.at(2 * index) << 8) | octets.at(2 * index + 1);
    }

    /** RFC 5952: the first longest run of at least two zero groups becomes "::". */
    private String ipv6Text() {
        int gap = -1;
        int gapEnd = -1;
        for (int from = 0; from < 8; from++) {
            int to = from;
            while (to < 8 && group(to) == 0) {
                to++;
            }
            if (to - from >= 2 && to - from > gapEnd - gap) {
                gap = from;
                gapEnd = to;
            }
        }
        return gap < 0 ? groups(0, 8) : groups(0, gap) + "::" + groups(gapEnd, 8);
    }

    private String groups(int from, int to) {
        StringJoiner text = new StringJoiner(":");
        for (int i = from; i < to; i++) {
            text.add(Integer.toHexString(group(i)));
        }
        return text.toString();
    }
}
