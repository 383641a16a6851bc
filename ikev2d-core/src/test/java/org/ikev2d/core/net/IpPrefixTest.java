package org.ikev2d.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.0.0, 10.1.255.255",
        "10.1.2.128/25, 10.1.2.128, 10.1.2.255",
        "10.1.2.3/32, 10.1.2.3, 10.1.2.3",
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255",
        "128.0.0.0/1, 128.0.0.0, 255.255.255.255",
        "2001:db8::/32, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::8/125, 2001:db8::8, 2001:db8::f",
        "::/0, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "::1/128, ::1, ::1"
    })
    void prefixSpansItsAddresses(String text, String first, String last) {
        IpPrefix prefix = IpPrefix.parse(text);
        assertThat(prefix).hasToString(text);
        assertThat(prefix.first()).isEqualTo(IpAddress.parse(first));
        assertThat(prefix.last()).isEqualTo(IpAddress.parse(last));
        assertThat(IpPrefix.ofRange(prefix.first(), prefix.last())).contains(prefix);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0, 10.1.0.2",
        "10.1.0.1, 10.1.0.2",
        "10.1.0.1, 10.1.0.255",
        "10.1.0.2, 10.1.0.1",
        "0.0.0.0, ::",
        "::1, ::3",
        "0.0.0.1, 255.255.255.255"
    })
    void otherRangesAreNoPrefix(String first, String last) {
        assertThat(IpPrefix.ofRange(IpAddress.parse(first), IpAddress.parse(last)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.1.2.0/16 | 10.1.2.0/16 has bits set behind the prefix; the network is 10.1.0.0/16
            2001:db8::1/64 | 2001:db8::1/64 has bits set behind the prefix; the network is 2001:db8::/64
            10.1.0.1 | "10.1.0.1" has no prefix length; for this one address, write 10.1.0.1/32
            10.1.0.0/33 | a prefix of 10.1.0.0 has 0 to 32 bits, not 33
            ::/129 | a prefix of :: has 0 to 128 bits, not 129
            10.1.0.0/ | "10.1.0.0/" needs a prefix length of 0 to 32 behind the slash, not ""
            10.1.0.0/016 | "10.1.0.0/016" needs a prefix length of 0 to 32 behind the slash, not "016"
            10.1.0.0/-1 | "10.1.0.0/-1" needs a prefix length of 0 to 32 behind the slash, not "-1"
            10.1.0.0/255.255.0.0 | "10.1.0.0/255.255.0.0" needs a prefix length of 0 to 32 behind the slash, not "255.255.0.0"
            10.1/16 | "10.1" is not an IP address: an IPv4 address has four numbers
            """)
    void whatIsNoPrefixIsRefusedWithWhatWouldBeRight(String text, String error) {
        assertThatThrownBy(() -> IpPrefix.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(error);
    }

    @Test
    void aPrefixContainsTheAddressesFromItsFirstToItsLast() {
        IpPrefix prefix = IpPrefix.parse("10.1.128.0/17");
        assertThat(prefix.contains(IpAddress.parse("10.1.128.0"))).isTrue();
        assertThat(prefix.contains(IpAddress.parse("10.1.255.255"))).isTrue();
        assertThat(prefix.contains(IpAddress.parse("10.1.127.255"))).isFalse();
        assertThat(prefix.contains(IpAddress.parse("10.2.128.0"))).isFalse();
        assertThat(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("::1"))).isFalse();
        assertThat(IpPrefix.parse("::/0").contains(IpAddress.parse("::1"))).isTrue();
    }
}
