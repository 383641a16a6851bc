package org.ikev2d.core.wire;

import org.ikev2d.core.bytes.Bytes;

/**
 * Who an end says it is (RFC 7296 §3.5).
 *
 * @param type ID Type number, as received
 * @param data what follows it
 */
public record Identity(int type, Bytes data) {
    /**
     * Reads {@code 192.0.2.1}, {@code 2001:db8::1}, {@code gw.example.org}, {@code user@example.org} or {@code C=XX,
     * O=Example, CN=gw}, each by its look; or by a prefix that says what it is: {@code ipv4:}, {@code ipv6:}, {@code
     * fqdn:}, {@code rfc822:} (or {@code email:}), {@code dn:}, {@code keyid:} with text, {@code keyid:hex:} with
     * hexadecimal digits.
     *
     * @throws IllegalArgumentException with a text for a person, that says what would be right
     */
    public static Identity parse(String text) {
        return IdentityText.parse(text);
    }

    /**
     * For logs and status, not for comparing: addresses as they are written, names between quotes, all else as
     * hexadecimal digits with its type. Whatever the peer sent, it is one line of visible ASCII and of limited length.
     */
    public String describe() {
        return IdentityText.describe(this);
    }
}
