package org.ikev2d.core.auth;

import java.util.Locale;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.wire.DistinguishedName;
import org.ikev2d.core.wire.Identity;

/** Whom the peer must prove to be. */
public sealed interface PeerIdentity {
    /** The one; names compare without regard to case, distinguished names by RFC 5280 §7.1's rules. */
    record Exactly(Identity identity) implements PeerIdentity {}

    /** Whoever proves itself. */
    record Anybody() implements PeerIdentity {}

    /**
     * A host name with any one or more labels before {@code domain}.
     *
     * @param domain {@code example.org}
     */
    record HostsOf(String domain) implements PeerIdentity {}

    /** A mailbox of any user at {@code domain}. */
    record UsersOf(String domain) implements PeerIdentity {}

    /** A distinguished name with as many parts, in which those written {@code *} may be anything of their type. */
    record NamesLike(DistinguishedName.Like pattern) implements PeerIdentity {}

    /**
     * Reads what {@link Identity#parse} does, and {@code any}, {@code *.example.org}, {@code *@example.org}, and {@code
     * C=XX, O=Example, CN=*}.
     *
     * @throws IllegalArgumentException with a text for a person, that says what would be right
     */
    static PeerIdentity parse(String text) {
        if (text.equals("any")) {
            return new Anybody();
        }
        if (text.startsWith("*.") && text.length() > 2 && text.indexOf('*', 1) < 0) {
            return new HostsOf(text.substring(2).toLowerCase(Locale.ROOT));
        }
        if (text.startsWith("*@") && text.length() > 2 && text.indexOf('*', 1) < 0) {
            return new UsersOf(text.substring(2).toLowerCase(Locale.ROOT));
        }
        if (DistinguishedName.looksLike(text) && text.contains("=*")) {
            return new NamesLike(DistinguishedName.Like.parse(text));
        }
        return new Exactly(Identity.parse(text));
    }

    default boolean matches(Identity claimed) {
        if (this instanceof Exactly one) {
            return same(one.identity(), claimed);
        }
        if (this instanceof HostsOf hosts) {
            return claimed.type() == IdType.FQDN.code() && endsWith(claimed.data(), "." + hosts.domain());
        }
        if (this instanceof UsersOf users) {
            return claimed.type() == IdType.RFC822_ADDR.code() && endsWith(claimed.data(), "@" + users.domain());
        }
        if (this instanceof NamesLike names) {
            return claimed.type() == IdType.DER_ASN1_DN.code()
                    && names.pattern().matches(claimed.data());
        }
        return true;
    }

    /** The one identity that it can be, where it is one. */
    default Optional<Identity> exact() {
        return this instanceof Exactly one ? Optional.of(one.identity()) : Optional.empty();
    }

    /** As an operator would write it. */
    default String describe() {
        if (this instanceof Exactly one) {
            return one.identity().describe();
        }
        if (this instanceof HostsOf hosts) {
            return "\"*." + hosts.domain() + "\"";
        }
        if (this instanceof UsersOf users) {
            return "\"*@" + users.domain() + "\"";
        }
        return this instanceof NamesLike names ? "\"" + names.pattern() + "\"" : "\"any\"";
    }

    /** Whether both name the same. */
    static boolean same(Identity one, Identity other) {
        if (one.type() != other.type() || one.data().equals(other.data())) {
            return one.equals(other);
        }
        return IdType.of(one.type())
                .map(type -> switch (type) {
                    case FQDN, RFC822_ADDR -> lower(one.data()).equals(lower(other.data()));
                    case DER_ASN1_DN -> DistinguishedName.same(one.data(), other.data());
                    case IPV4_ADDR, IPV6_ADDR, DER_ASN1_GN, KEY_ID -> false;
                })
                .orElse(false);
    }

    /** Whether {@code name} is visible ASCII and ends so, with something before it. */
    private static boolean endsWith(Bytes name, String end) {
        String text = lower(name);
        return text.endsWith(end)
                && text.length() > end.length()
                && text.charAt(0) != '.'
                && text.chars().allMatch(c -> c > ' ' && c <= '~')
                // No second one before an end that has one, and none at all else.
                && text.indexOf('@') == (end.startsWith("@") ? text.length() - end.length() : -1);
    }

    /** ASCII letters alone have a case here. */
    private static String lower(Bytes name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.size(); i++) {
            int octet = name.at(i);
            text.append((char) (octet >= 'A' && octet <= 'Z' ? octet + 32 : octet));
        }
        return text.toString();
    }
}
