package org.ikev2d.core.wire;

import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.IdType;

/** Identities as operators write them, and as they read them. */
final class IdentityText {
    private static final String KINDS = "write it as ipv4:, ipv6:, fqdn:, rfc822:, dn:, keyid: or keyid:hex:";

    private IdentityText() {}

    static Identity parse(String text) {
        int colon = text.indexOf(':');
        String rest = text.substring(colon + 1);
        return switch (text.substring(0, Math.max(colon, 0))) {
            case "ipv4" -> address(rest, true);
            case "ipv6" -> address(rest, false);
            case "fqdn" -> new Identity(IdType.FQDN.code(), visible(rest, text));
            case "rfc822", "email" -> mailbox(rest, text);
            case "dn" -> new Identity(IdType.DER_ASN1_DN.code(), DistinguishedName.encode(rest));
            case "keyid" -> keyId(rest, text);
            default -> byLook(text);
        };
    }

    private static Identity byLook(String text) {
        if (DistinguishedName.looksLike(text)) {
            return new Identity(IdType.DER_ASN1_DN.code(), DistinguishedName.encode(text));
        }
        if (text.matches("[0-9.]+")) {
            return address(text, true);
        }
        if (text.indexOf(':') >= 0 && text.matches("[0-9a-fA-F:.]+")) {
            return address(text, false);
        }
        if (text.indexOf('@') >= 0) {
            return mailbox(text, text);
        }
        if (text.matches("[0-9A-Za-z._-]+")) {
            return new Identity(IdType.FQDN.code(), visible(text, text));
        }
        throw bad(text, "is no address, host name or user@host; " + KINDS);
    }

    private static Identity address(String text, boolean ipv4) {
        IpAddress address = IpAddress.parse(text);
        if (address.isIpv4() != ipv4) {
            throw bad(text, "is not an " + (ipv4 ? "IPv4" : "IPv6") + " address");
        }
        return new Identity((ipv4 ? IdType.IPV4_ADDR : IdType.IPV6_ADDR).code(), address.octets());
    }

    private static Identity mailbox(String mailbox, String text) {
        int at = mailbox.indexOf('@');
        if (at == 0) {
            throw bad(text, "has no user before the @; for a host name, write fqdn:" + mailbox.substring(1));
        }
        if (at < 0 || at == mailbox.length() - 1 || at != mailbox.lastIndexOf('@')) {
            throw bad(text, "is not of the form user@host");
        }
        return new Identity(IdType.RFC822_ADDR.code(), visible(mailbox, text));
    }

    private static Identity keyId(String key, String text) {
        if (!key.startsWith("hex:")) {
            return new Identity(IdType.KEY_ID.code(), visible(key, text));
        }
        String digits = key.substring("hex:".length());
        if (!digits.matches("([0-9a-fA-F]{2})+")) {
            throw bad(text, "needs pairs of hexadecimal digits behind keyid:hex:");
        }
        return new Identity(IdType.KEY_ID.code(), Bytes.hex(digits));
    }

    /** Octets of visible ASCII, at least one. */
    private static Bytes visible(String value, String text) {
        if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw bad(text, "needs one or more visible ASCII characters, without spaces; other octets fit keyid:hex:");
        }
        ByteWriter octets = new ByteWriter();
        value.chars().forEach(octets::u8);
        return octets.toBytes();
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("\"" + text + "\" " + why);
    }

    static String describe(Identity identity) {
        Bytes data = identity.data();
        return IdType.of(identity.type())
                .map(type -> switch (type) {
                    case IPV4_ADDR -> data.size() == 4 ? new IpAddress(data).toString() : "ipv4:" + data;
                    case IPV6_ADDR -> data.size() == 16 ? new IpAddress(data).toString() : "ipv6:" + data;
                    case FQDN, RFC822_ADDR -> data.toQuotedText();
                    case KEY_ID -> "keyid:" + data.toQuotedText();
                    case DER_ASN1_DN ->
                        DistinguishedName.describe(data)
                                .map(name -> "\"" + name + "\"")
                                .orElse("dn:" + data);
                    case DER_ASN1_GN -> "gn:" + data;
                })
                .orElseGet(() -> "id-type-" + identity.type() + ":" + data);
    }
}
