package org.ikev2d.daemon.doctor;

import java.util.SortedSet;
import java.util.TreeSet;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.TrafficSelector;

/** The machine's addresses, from /proc/net/fib_trie and /proc/net/if_inet6. */
record OwnAddresses(SortedSet<IpAddress> all) {
    private static final String LEAF = "|-- ";
    private static final int IPV6_DIGITS = 32;

    static OwnAddresses of(Tree tree) {
        SortedSet<IpAddress> found = new TreeSet<>();
        String leaf = "";
        for (String line : tree.lines("proc/net/fib_trie")) {
            int at = line.indexOf(LEAF);
            if (at >= 0) {
                leaf = line.substring(at + LEAF.length()).strip();
            } else if (line.strip().equals("/32 host LOCAL")) {
                found.add(IpAddress.parse(leaf));
            }
        }
        for (String line : tree.lines("proc/net/if_inet6")) {
            if (line.length() > IPV6_DIGITS) {
                found.add(new IpAddress(Bytes.hex(line.substring(0, IPV6_DIGITS))));
            }
        }
        return new OwnAddresses(found);
    }

    boolean has(IpAddress address) {
        return all.contains(address);
    }

    /** Whether all of a selector's addresses are the machine's: such packets are not forwarded. */
    boolean hasAll(TrafficSelector selector) {
        return selector.first().equals(selector.last()) && has(selector.first());
    }
}
