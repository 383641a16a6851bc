package org.ikev2d.core.net;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;

/**
 * All addresses that share their first {@code length} bits.
 *
 * @param first the lowest address; its bits behind the prefix are zero
 * @param length 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpPrefix(IpAddress first, int length) {
    public IpPrefix {
        if (length < 0 || length > first.bits()) {
            throw new IllegalArgumentException(
                    "a prefix of " + first + " has 0 to " + first.bits() + " bits, not " + length);
        }
        IpAddress network = withTail(first, length, 0);
        if (!network.equals(first)) {
            throw new IllegalArgumentException(
                    first + "/" + length + " has bits set behind the prefix; the network is " + network + "/" + length);
        }
    }

    /**
     * Reads {@code 10.1.0.0/16} or {@code 2001:db8::/32}.
     *
     * @throws IllegalArgumentException with a text for a person, that says what would be right
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            IpAddress address = IpAddress.parse(text);
            throw new IllegalArgumentException("\"" + text + "\" has no prefix length; for this one address, write "
                    + address + "/" + address.bits());
        }
        IpAddress address = IpAddress.parse(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (!length.matches("0|[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("\"" + text + "\" needs a prefix length of 0 to " + address.bits()
                    + " behind the slash, not \"" + length + "\"");
        }
        return new IpPrefix(address, Integer.parseInt(length));
    }

    /** The prefix that holds exactly {@code first} to {@code last}, where there is one. */
    public static Optional<IpPrefix> ofRange(IpAddress first, IpAddress last) {
        for (int length = first.bits(); length >= 0; length--) {
            if (withTail(first, length, 1).equals(last)) {
                return withTail(first, length, 0).equals(first)
                        ? Optional.of(new IpPrefix(first, length))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Whether {@code address} is one of them; one of the other family is not. */
    public boolean contains(IpAddress address) {
        return address.bits() == first.bits() && withTail(address, length, 0).equals(first);
    }

    /** The highest address. */
    public IpAddress last() {
        return withTail(first, length, 1);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return first + "/" + length;
    }

    /** {@code address} with every bit behind the first {@code length} set to {@code bit}. */
    private static IpAddress withTail(IpAddress address, int length, int bit) {
        byte[] octets = address.octets().toArray();
        for (int i = 0; i < octets.length; i++) {
            int kept = Math.max(0, Math.min(8, length - 8 * i));
            int tail = 0xff >>> kept;
            octets[i] = (byte) (bit == 0 ? octets[i] & ~tail : octets[i] | tail);
        }
        return new IpAddress(Bytes.wrap(octets));
    }
}
