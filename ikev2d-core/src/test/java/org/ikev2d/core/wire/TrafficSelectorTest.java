package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.net.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrafficSelectorTest {
    @Holds({"7296-3.13.1-a", "7296-3.13.1-b", "7296-3.13.1-c", "7296-3.13.1-d"})
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 0, 0, 65535, 10.1.0.0, 10.1.255.255",
        "10.1.0.1-10.1.0.9, 0, 0, 65535, 10.1.0.1, 10.1.0.9",
        "10.1.0.1/32[tcp/443], 6, 443, 443, 10.1.0.1, 10.1.0.1",
        "10.1.0.0/16[udp/1000-2000], 17, 1000, 2000, 10.1.0.0, 10.1.255.255",
        "10.1.0.0/16[udp/0], 17, 0, 0, 10.1.0.0, 10.1.255.255",
        "10.1.0.0/16[tcp/opaque], 6, 65535, 0, 10.1.0.0, 10.1.255.255",
        "10.1.0.0/16[icmp], 1, 0, 65535, 10.1.0.0, 10.1.255.255",
        "10.1.0.0/16[icmp/8], 1, 2048, 2303, 10.1.0.0, 10.1.255.255",
        "10.1.0.0/16[icmp/3(4)], 1, 772, 772, 10.1.0.0, 10.1.255.255",
        "10.1.0.0/16[icmp/3-5], 1, 768, 1535, 10.1.0.0, 10.1.255.255",
        "10.1.0.0/16[icmp/3(1)-5(2)], 1, 769, 1282, 10.1.0.0, 10.1.255.255",
        "::/0[icmpv6/128], 58, 32768, 33023, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::/32[sctp], 132, 0, 65535, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "10.1.0.0/16[gre], 47, 0, 65535, 10.1.0.0, 10.1.255.255",
        "10.1.0.0/16[255], 255, 0, 65535, 10.1.0.0, 10.1.255.255"
    })
    void textIsReadAndWritten(String text, int protocol, int start, int end, String first, String last) {
        TrafficSelector selector = TrafficSelector.parse(text);
        assertThat(selector)
                .isEqualTo(new TrafficSelector(protocol, start, end, IpAddress.parse(first), IpAddress.parse(last)));
        assertThat(selector.describe()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.1, 10.1.0.1/32",
        "::1, ::1/128",
        "10.0.0.0-10.255.255.255, 10.0.0.0/8",
        "10.1.0.0/16[17], 10.1.0.0/16[udp]",
        "10.1.0.0/16[any], 10.1.0.0/16",
        "10.1.0.0/16[tcp/any], 10.1.0.0/16[tcp]",
        "10.1.0.0/16[tcp/0-65535], 10.1.0.0/16[tcp]",
        "10.1.0.0/16[tcp/5-5], 10.1.0.0/16[tcp/5]"
    })
    void otherWaysToSayTheSameAreRead(String text, String canonical) {
        assertThat(TrafficSelector.parse(text).describe()).isEqualTo(canonical);
    }

    /** RFC 7296 allows ports only with a protocol that has them, but peers may say what they like. */
    @Test
    void portsWithoutAProtocolAreDescribed() {
        IpAddress address = IpAddress.parse("10.1.0.1");
        assertThat(new TrafficSelector(0, 5, 6, address, address).describe()).isEqualTo("10.1.0.1/32[any/5-6]");
        assertThat(new TrafficSelector(99, 0xffff, 0, address, address).describe())
                .isEqualTo("10.1.0.1/32[99/opaque]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.1.2.0/16           | 10.1.2.0/16 has bits set behind the prefix; the network is 10.1.0.0/16
            10.1.0.9-10.1.0.1     | 10.1.0.9 is above 10.1.0.1
            10.1.0.1-::1          | 10.1.0.1 and ::1 are of two families
            10.1.0.0/16[tcp       | "10.1.0.0/16[tcp" needs a ] at its end
            10.1.0.0/16[tcp]x     | "10.1.0.0/16[tcp]x" needs a ] at its end
            10.1.0.0/16 [tcp]     | "10.1.0.0/16 " needs a prefix length of 0 to 32 behind the slash, not "16 "
            [tcp]                 | "" is not an IP address: "" is not a number of 0 to 255
            10.1.0.0/16[]         | "10.1.0.0/16[]" needs a protocol behind [: tcp, udp, icmp, icmpv6, sctp, gre, ... or its number, 0 to 255
            10.1.0.0/16[http]     | "10.1.0.0/16[http]" needs a protocol behind [: tcp, udp, icmp, icmpv6, sctp, gre, ... or its number, 0 to 255
            10.1.0.0/16[256]      | "10.1.0.0/16[256]" needs a protocol behind [: tcp, udp, icmp, icmpv6, sctp, gre, ... or its number, 0 to 255
            10.1.0.0/16[gre/5]    | "10.1.0.0/16[gre/5]" names ports, which this protocol does not have
            10.1.0.0/16[any/53]   | "10.1.0.0/16[any/53]" names ports, which this protocol does not have
            10.1.0.0/16[tcp/http] | "10.1.0.0/16[tcp/http]" needs a port of 0 to 65535, a range as 1000-2000, any or opaque behind the protocol
            10.1.0.0/16[tcp/65536]| "10.1.0.0/16[tcp/65536]" needs a port of 0 to 65535, a range as 1000-2000, any or opaque behind the protocol
            10.1.0.0/16[tcp/2-]   | "10.1.0.0/16[tcp/2-]" needs a port of 0 to 65535, a range as 1000-2000, any or opaque behind the protocol
            10.1.0.0/16[tcp/2-1]  | "10.1.0.0/16[tcp/2-1]" ends its range below where it starts
            10.1.0.0/16[icmp/256] | "10.1.0.0/16[icmp/256]" needs an ICMP type of 0 to 255, or type(code), behind the protocol
            10.1.0.0/16[icmp/3(x)]| "10.1.0.0/16[icmp/3(x)]" needs an ICMP type of 0 to 255, or type(code), behind the protocol
            10.1.0.0/16[icmpv6]   | "10.1.0.0/16[icmpv6]" mixes families: icmp goes with IPv4 addresses, icmpv6 with IPv6 addresses
            ::/0[icmp]            | "::/0[icmp]" mixes families: icmp goes with IPv4 addresses, icmpv6 with IPv6 addresses
            """)
    void whatIsNoSelectorIsRefusedWithWhatWouldBeRight(String text, String error) {
        assertThatThrownBy(() -> TrafficSelector.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(error);
    }

    @Test
    void rangesRunUpwards() {
        IpAddress low = IpAddress.parse("10.0.0.1");
        IpAddress high = IpAddress.parse("10.0.0.2");
        assertThatThrownBy(() -> new TrafficSelector(0, 0, 65535, high, low))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TrafficSelector(6, 2, 1, low, high)).isInstanceOf(IllegalArgumentException.class);
    }
}
