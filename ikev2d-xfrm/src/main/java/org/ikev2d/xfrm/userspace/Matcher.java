package org.ikev2d.xfrm.userspace;

import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.net.IpAddress;

/** A policy's selector, ready to be held against packets (xfrm_selector_match). */
final class Matcher {
    private final boolean ipv4;
    private final Half source;
    private final Half destination;
    private final int protocol;
    private final int sourcePort;
    private final int sourceMask;
    private final int destinationPort;
    private final int destinationMask;

    /** An address as two numbers, of which the bits of the masks count. */
    private record Half(long high, long highMask, long low, long lowMask) {
        static Half of(IpAddress address, int prefix) {
            long high = 0;
            long low = 0;
            for (int i = 0; i < address.octets().size(); i++) {
                high = high << 8 | low >>> 56;
                low = low << 8 | address.octets().at(i);
            }
            int bits = address.isIpv4() ? prefix + 96 : prefix;
            long highMask = ones(Math.min(bits, 64));
            long lowMask = ones(Math.max(bits - 64, 0));
            return new Half(high & highMask, highMask, low & lowMask, lowMask);
        }

        private static long ones(int leading) {
            return leading == 0 ? 0 : -1L << (64 - leading);
        }

        boolean matches(long otherHigh, long otherLow) {
            return (otherLow & lowMask) == low && (otherHigh & highMask) == high;
        }
    }

    Matcher(PacketSelector selector) {
        ipv4 = selector.source().isIpv4();
        source = Half.of(selector.source(), selector.sourcePrefix());
        destination = Half.of(selector.destination(), selector.destinationPrefix());
        protocol = selector.ipProtocol();
        sourceMask = selector.sourcePortMask();
        sourcePort = selector.sourcePort() & sourceMask;
        destinationMask = selector.destinationPortMask();
        destinationPort = selector.destinationPort() & destinationMask;
    }

    boolean matches(Flow flow) {
        return flow.ipv4 == ipv4
                && destination.matches(flow.destinationHigh, flow.destinationLow)
                && source.matches(flow.sourceHigh, flow.sourceLow)
                && (protocol == 0 || protocol == flow.protocol)
                && (flow.sourcePort & sourceMask) == sourcePort
                && (flow.destinationPort & destinationMask) == destinationPort;
    }
}
