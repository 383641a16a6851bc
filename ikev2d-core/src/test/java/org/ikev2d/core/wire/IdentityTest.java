package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityTest {
    @Holds({"7296-3.5-e", "7296-3.5-f", "7296-3.5-h"})
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.1             | 1  | c0000201                         | 192.0.2.1
            ipv4:192.0.2.1        | 1  | c0000201                         | 192.0.2.1
            2001:db8::1           | 5  | 20010db8000000000000000000000001 | 2001:db8::1
            ::ffff:192.0.2.1      | 5  | 00000000000000000000ffffc0000201 | ::ffff:c000:201
            ipv6:::1              | 5  | 00000000000000000000000000000001 | ::1
            L.example             | 2  | 4c2e6578616d706c65               | "L.example"
            gw                    | 2  | 6777                             | "gw"
            fqdn:192.0.2.1        | 2  | 3139322e302e322e31               | "192.0.2.1"
            fqdn:a"b              | 2  | 612262                           | "a\\x22b"
            a@b.org               | 3  | 6140622e6f7267                   | "a@b.org"
            rfc822:a@b.org        | 3  | 6140622e6f7267                   | "a@b.org"
            email:a@b.org         | 3  | 6140622e6f7267                   | "a@b.org"
            keyid:group-1         | 11 | 67726f75702d31                   | keyid:"group-1"
            keyid:hex:00FF61      | 11 | 00ff61                           | keyid:"\\x00\\xffa"
            """)
    void textIsReadAndDescribed(String text, int type, String data, String described) {
        Identity identity = Identity.parse(text);
        assertThat(identity).isEqualTo(new Identity(type, Bytes.hex(data)));
        assertThat(identity.describe()).isEqualTo(described);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.1.0            | "10.1.0" is not an IP address: an IPv4 address has four numbers
            2001:db8          | "2001:db8" is not an IP address: an IPv6 address has eight groups, or "::"
            ipv4:::1          | "::1" is not an IPv4 address
            ipv6:192.0.2.1    | "192.0.2.1" is not an IPv6 address
            @moon.example.org | "@moon.example.org" has no user before the @; for a host name, write fqdn:moon.example.org
            a@                | "a@" is not of the form user@host
            a@b@c             | "a@b@c" is not of the form user@host
            email:moon        | "email:moon" is not of the form user@host
            dns:moon          | "dns:moon" is no address, host name or user@host; write it as ipv4:, ipv6:, fqdn:, rfc822:, dn:, keyid: or keyid:hex:
            C=DE, moon        | "C=DE, moon" is no distinguished name; write one such as C=XX, O=Example, CN=gw
            fqdn:             | "fqdn:" needs one or more visible ASCII characters, without spaces; other octets fit keyid:hex:
            fqdn:é            | "fqdn:é" needs one or more visible ASCII characters, without spaces; other octets fit keyid:hex:
            keyid:            | "keyid:" needs one or more visible ASCII characters, without spaces; other octets fit keyid:hex:
            keyid:group 1     | "keyid:group 1" needs one or more visible ASCII characters, without spaces; other octets fit keyid:hex:
            keyid:hex:0       | "keyid:hex:0" needs pairs of hexadecimal digits behind keyid:hex:
            keyid:hex:        | "keyid:hex:" needs pairs of hexadecimal digits behind keyid:hex:
            """)
    void whatIsNoIdentityIsRefusedWithWhatWouldBeRight(String text, String error) {
        assertThatThrownBy(() -> Identity.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(error);
    }

    @Holds({"7296-3.5-c", "7296-3.5-d"})
    @ParameterizedTest
    @ValueSource(strings = {"fqdn:gw.example", "gw.example", "email:a@b.org", "a@b.org"})
    void namesHaveNoTerminators_rfc7296_3_5(String text) {
        for (String end : List.of("\0", "\r", "\n", "\r\n", "\t", " ")) {
            assertThatThrownBy(() -> Identity.parse(text + end)).isInstanceOf(IllegalArgumentException.class);
        }
        Bytes name = Bytes.of(text.substring(text.indexOf(':') + 1).getBytes(StandardCharsets.US_ASCII));
        assertThat(Identity.parse(text).data()).isEqualTo(name);
    }

    @Test
    void emptyTextIsRefused() {
        assertThatThrownBy(() -> Identity.parse("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatOthersSendIsDescribedWithItsType() {
        assertThat(new Identity(1, Bytes.hex("c00002")).describe()).isEqualTo("ipv4:c00002");
        assertThat(new Identity(5, Bytes.hex("c0000201")).describe()).isEqualTo("ipv6:c0000201");
        assertThat(new Identity(9, Bytes.hex("3000")).describe()).isEqualTo("dn:3000");
        assertThat(new Identity(10, Bytes.hex("3000")).describe()).isEqualTo("gn:3000");
        assertThat(new Identity(201, Bytes.hex("0d0a")).describe()).isEqualTo("id-type-201:0d0a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void descriptionIsAlwaysOneLineOfVisibleAscii(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] data = new byte[random.nextInt(600)];
            random.nextBytes(data);
            String text = new Identity(random.nextInt(14), Bytes.wrap(data)).describe();
            assertThat(text).matches("[ -~]*").hasSizeLessThan(600);
        }
    }
}
