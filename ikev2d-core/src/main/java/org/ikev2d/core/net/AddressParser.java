package org.ikev2d.core.net;

import java.util.HexFormat;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;

/** Text to addresses: dotted decimal, and RFC 4291 §2.2. No names, no zones, no other radix. */
final class AddressParser {
    private static final int IPV6_GROUPS = 8;

    private AddressParser() {}

    /** @throws IllegalArgumentException with a text for a person */
    static IpAddress parse(String text) {
        return new IpAddress(text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text, text));
    }

    private static Bytes ipv4(String part, String text) {
        String[] numbers = part.split("\\.", -1);
        ByteWriter octets = new ByteWriter();
        for (String number : numbers) {
            octets.u8(decimal(number, text));
        }
        if (octets.size() != 4) {
            throw notAnAddress(text, "an IPv4 address has four numbers");
        }
        return octets.toBytes();
    }

    private static int decimal(String number, String text) {
        boolean digits =
                !number.isEmpty() && number.length() <= 3 && number.chars().allMatch(AddressParser::isDigit);
        if (!digits || (number.length() > 1 && number.charAt(0) == '0') || Integer.parseInt(number) > 255) {
            throw notAnAddress(text, "\"" + number + "\" is not a number of 0 to 255");
        }
        return Integer.parseInt(number);
    }

    private static Bytes ipv6(String text) {
        if (text.indexOf('%') >= 0) {
            throw notAnAddress(text, "zones are not supported");
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            return exactly(groups(text, true, text), text);
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            throw notAnAddress(text, "\"::\" may appear once");
        }
        Bytes head = groups(text.substring(0, gap), false, text);
        Bytes tail = groups(text.substring(gap + 2), true, text);
        int missing = 2 * IPV6_GROUPS - head.size() - tail.size();
        if (missing < 2) {
            throw notAnAddress(text, "\"::\" stands for at least one group of eight");
        }
        return Bytes.concat(head, new ByteWriter().zeros(missing).toBytes(), tail);
    }

    private static Bytes exactly(Bytes octets, String text) {
        if (octets.size() != 2 * IPV6_GROUPS) {
            throw notAnAddress(text, "an IPv6 address has eight groups, or \"::\"");
        }
        return octets;
    }

    /** @param atEnd whether the last group may be an IPv4 address in place of two groups */
    private static Bytes groups(String part, boolean atEnd, String text) {
        ByteWriter octets = new ByteWriter();
        String[] groups = part.isEmpty() ? new String[0] : part.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            String group = groups[i];
            if (atEnd && i == groups.length - 1 && group.indexOf('.') >= 0) {
                octets.bytes(ipv4(group, text));
            } else if (group.isEmpty() || group.length() > 4 || !group.chars().allMatch(HexFormat::isHexDigit)) {
                throw notAnAddress(text, "\"" + group + "\" is not a group of one to four hexadecimal digits");
            } else {
                octets.u16(HexFormat.fromHexDigits(group));
            }
        }
        return octets.toBytes();
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static IllegalArgumentException notAnAddress(String text, String why) {
        return new IllegalArgumentException("\"" + text + "\" is not an IP address: " + why);
    }
}
