package org.ikev2d.xfrm.ethtool;

import java.util.Optional;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;

/** Which packets a receive rule is for. The text of one can be read again. */
public sealed interface RxMatch {
    FlowType flowType();

    /** ESP to {@code destination} with this SPI. */
    record Esp(IpAddress destination, EspSpi spi) implements RxMatch {
        @Override
        public FlowType flowType() {
            return destination.isIpv4() ? FlowType.ESP4 : FlowType.ESP6;
        }

        @Override
        public String toString() {
            return "esp " + destination + " " + spi;
        }
    }

    /** UDP between two addresses and two ports. */
    record Udp(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) implements RxMatch {
        @Override
        public FlowType flowType() {
            return destination.isIpv4() ? FlowType.UDP4 : FlowType.UDP6;
        }

        @Override
        public String toString() {
            return "udp " + source + " " + sourcePort + " " + destination + " " + destinationPort;
        }
    }

    /** What {@code toString} wrote; empty for anything else. */
    static Optional<RxMatch> parse(String text) {
        String[] words = text.split(" ", -1);
        try {
            if (words.length == 3 && words[0].equals("esp")) {
                return Optional.of(new Esp(IpAddress.parse(words[1]), new EspSpi((int) (long) Long.decode(words[2]))));
            }
            if (words.length == 5 && words[0].equals("udp")) {
                return Optional.of(new Udp(
                        IpAddress.parse(words[1]),
                        Integer.parseInt(words[2]),
                        IpAddress.parse(words[3]),
                        Integer.parseInt(words[4])));
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
