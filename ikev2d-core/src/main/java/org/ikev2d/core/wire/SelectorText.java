package org.ikev2d.core.wire;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.net.IpPrefix;

/** Traffic selectors as operators write them. */
final class SelectorText {
    private static final int ANY = 0;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int MAX_PORT = 0xffff;

    /** IANA "Assigned Internet Protocol Numbers", those that gateways select by. */
    private static final Map<String, Integer> PROTOCOLS = Map.of(
            "any", ANY, "icmp", ICMP, "tcp", 6, "udp", 17, "dccp", 33, "gre", 47, "esp", 50, "icmpv6", ICMPV6, "sctp",
            132, "udplite", 136);

    private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 33, 132, 136);
    /** ICMP type, or type(code). */
    private static final Pattern ICMP_MESSAGE = Pattern.compile("([0-9]{1,3})(?:\\(([0-9]{1,3})\\))?");

    private SelectorText() {}

    private record Ports(int start, int end) {
        static final Ports ALL = new Ports(0, MAX_PORT);
        static final Ports OPAQUE = new Ports(MAX_PORT, 0);
    }

    static TrafficSelector parse(String text) {
        int bracket = text.indexOf('[');
        if (bracket < 0) {
            return addresses(text, ANY, Ports.ALL);
        }
        if (!text.endsWith("]")) {
            throw bad(text, "needs a ] at its end");
        }
        String[] limits = text.substring(bracket + 1, text.length() - 1).split("/", 2);
        int protocol = protocol(limits[0], text);
        Ports ports = limits.length == 1 ? Ports.ALL : ports(limits[1], protocol, text);
        TrafficSelector selector = addresses(text.substring(0, bracket), protocol, ports);
        if (protocol == (selector.first().isIpv4() ? ICMPV6 : ICMP)) {
            throw bad(text, "mixes families: icmp goes with IPv4 addresses, icmpv6 with IPv6 addresses");
        }
        return selector;
    }

    private static TrafficSelector addresses(String text, int protocol, Ports ports) {
        int dash = text.indexOf('-');
        if (dash >= 0) {
            IpAddress first = IpAddress.parse(text.substring(0, dash));
            IpAddress last = IpAddress.parse(text.substring(dash + 1));
            return new TrafficSelector(protocol, ports.start(), ports.end(), first, last);
        }
        if (text.indexOf('/') >= 0) {
            IpPrefix prefix = IpPrefix.parse(text);
            return new TrafficSelector(protocol, ports.start(), ports.end(), prefix.first(), prefix.last());
        }
        IpAddress address = IpAddress.parse(text);
        return new TrafficSelector(protocol, ports.start(), ports.end(), address, address);
    }

    private static int protocol(String name, String text) {
        Integer known = PROTOCOLS.get(name);
        if (known != null) {
            return known;
        }
        if (!name.matches("[0-9]{1,3}") || Integer.parseInt(name) > 255) {
            throw bad(
                    text, "needs a protocol behind [: tcp, udp, icmp, icmpv6, sctp, gre, ... or its number, 0 to 255");
        }
        return Integer.parseInt(name);
    }

    private static Ports ports(String limit, int protocol, String text) {
        boolean icmp = protocol == ICMP || protocol == ICMPV6;
        if (!icmp && !WITH_PORTS.contains(protocol)) {
            throw bad(text, "names ports, which this protocol does not have");
        }
        if (limit.equals("any")) {
            return Ports.ALL;
        }
        if (limit.equals("opaque")) {
            return Ports.OPAQUE;
        }
        int dash = limit.indexOf('-');
        String start = dash < 0 ? limit : limit.substring(0, dash);
        String end = dash < 0 ? limit : limit.substring(dash + 1);
        Ports ports = icmp
                ? new Ports(icmpMessage(start, 0, text), icmpMessage(end, 255, text))
                : new Ports(port(start, text), port(end, text));
        if (ports.start() > ports.end()) {
            throw bad(text, "ends its range below where it starts");
        }
        return ports;
    }

    private static int port(String number, String text) {
        if (!number.matches("[0-9]{1,5}") || Integer.parseInt(number) > MAX_PORT) {
            throw bad(text, "needs a port of 0 to 65535, a range as 1000-2000, any or opaque behind the protocol");
        }
        return Integer.parseInt(number);
    }

    private static int icmpMessage(String message, int codeIfNone, String text) {
        Matcher parts = ICMP_MESSAGE.matcher(message);
        if (parts.matches()) {
            int type = Integer.parseInt(parts.group(1));
            int code = parts.group(2) == null ? codeIfNone : Integer.parseInt(parts.group(2));
            if (type <= 255 && code <= 255) {
                return (type << 8) | code;
            }
        }
        throw bad(text, "needs an ICMP type of 0 to 255, or type(code), behind the protocol");
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("\"" + text + "\" " + why);
    }

    static String describe(TrafficSelector selector) {
        String addresses = IpPrefix.ofRange(selector.first(), selector.last())
                .map(IpPrefix::toString)
                .orElseGet(() -> selector.first() + "-" + selector.last());
        Ports ports = new Ports(selector.startPort(), selector.endPort());
        int protocol = selector.ipProtocol();
        if (ports.equals(Ports.ALL)) {
            return protocol == ANY ? addresses : addresses + "[" + name(protocol) + "]";
        }
        return addresses + "[" + name(protocol) + "/" + describe(ports, protocol) + "]";
    }

    private static String name(int protocol) {
        return PROTOCOLS.entrySet().stream()
                .filter(row -> row.getValue() == protocol)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> Integer.toString(protocol));
    }

    private static String describe(Ports ports, int protocol) {
        if (ports.equals(Ports.OPAQUE)) {
            return "opaque";
        }
        if (protocol != ICMP && protocol != ICMPV6) {
            return range(Integer.toString(ports.start()), Integer.toString(ports.end()));
        }
        boolean wholeTypes = (ports.start() & 0xff) == 0 && (ports.end() & 0xff) == 0xff;
        return range(icmpMessage(ports.start(), wholeTypes), icmpMessage(ports.end(), wholeTypes));
    }

    private static String icmpMessage(int port, boolean typeOnly) {
        String type = Integer.toString(port >>> 8);
        return typeOnly ? type : type + "(" + (port & 0xff) + ")";
    }

    private static String range(String start, String end) {
        return start.equals(end) ? start : start + "-" + end;
    }
}
