package org.ikev2d.daemon.config;

import java.util.function.Function;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.TrafficSelector;

/** The core's texts, with its complaints made problems of a file. */
final class CoreText {
    private CoreText() {}

    /** One that a gateway can have: neither unspecified nor multicast. */
    static IpAddress gatewayAddress(String text) throws BadValueException {
        IpAddress address = parsed(
                text, IpAddress::parse, "write one such as \"192.0.2.1\" or \"2001:db8::1\"; names are not looked up");
        int first = address.octets().at(0);
        if (address.octets().toHex().matches("0+")) {
            throw new BadValueException(address + " is no gateway's address", "write the very address that is used");
        }
        if (address.isIpv4() ? first >= 224 : first == 0xff) {
            throw new BadValueException(address + " is no gateway's address", "write a unicast address");
        }
        return address;
    }

    static TrafficSelector selector(String text) throws BadValueException {
        return parsed(text, TrafficSelector::parse, "write one such as \"10.1.0.0/16\" or \"10.1.0.0/16[tcp/443]\"");
    }

    static Identity identity(String text) throws BadValueException {
        return parsed(text, Identity::parse, "write one such as \"gw.example.org\" or \"keyid:blue\"");
    }

    static PeerIdentity peerIdentity(String text) throws BadValueException {
        return parsed(text, PeerIdentity::parse, "write one such as \"gw.example.org\", \"*.example.org\" or \"any\"");
    }

    static Identity identityOf(IpAddress address) {
        IdType type = address.isIpv4() ? IdType.IPV4_ADDR : IdType.IPV6_ADDR;
        return new Identity(type.code(), address.octets());
    }

    private static <T> T parsed(String text, Function<String, T> parser, String right) throws BadValueException {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new BadValueException(e.getMessage(), right);
        }
    }
}
