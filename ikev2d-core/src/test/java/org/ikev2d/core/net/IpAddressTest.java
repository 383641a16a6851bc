package org.ikev2d.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ikev2d.core.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, c0000201, 192.0.2.1",
        "0.0.0.0, 00000000, 0.0.0.0",
        "255.255.255.255, ffffffff, 255.255.255.255",
        "::, 00000000000000000000000000000000, ::",
        "::1, 00000000000000000000000000000001, ::1",
        "1::, 00010000000000000000000000000000, 1::",
        "2001:db8::1, 20010db8000000000000000000000001, 2001:db8::1",
        "2001:DB8:0:0:8:800:200C:417A, 20010db80000000000080800200c417a, 2001:db8::8:800:200c:417a",
        "2001:0db8:0000:0000:0001:0000:0000:0001, 20010db8000000000001000000000001, 2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7::, 00010002000300040005000600070000, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 00000002000300040005000600070008, 0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1, 00000000000000000000ffffc0000201, ::ffff:c000:201",
        "64:ff9b::192.0.2.33, 0064ff9b0000000000000000c0000221, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 00010002000300040005000601020304, 1:2:3:4:5:6:102:304"
    })
    void textIsReadAndWritten(String text, String octets, String canonical) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address.octets()).isEqualTo(Bytes.hex(octets));
        assertThat(address).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4 ",
                "-1.2.3.4",
                "+1.2.3.4",
                "0x1.2.3.4",
                "1.2.3.0004",
                "１.2.3.4",
                ":",
                ":::",
                "1:::2",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4::5:6:7:8",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "g::",
                ":1::",
                "1:",
                ":1",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "fe80::1%eth0",
                "[::1]",
                "::1/128",
                "::+1"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"" + text + "\" is not an IP address: ");
    }

    @Test
    void addressesSortByFamilyThenAsNumbers() {
        assertThat(IpAddress.parse("9.0.0.0")).isLessThan(IpAddress.parse("128.0.0.0"));
        assertThat(IpAddress.parse("255.255.255.255")).isLessThan(IpAddress.parse("::"));
        assertThat(IpAddress.parse("7fff::")).isLessThan(IpAddress.parse("8000::"));
    }

    @Test
    void onlyFourOrSixteenOctetsAreAnAddress() {
        assertThatThrownBy(() -> new IpAddress(Bytes.hex("0102030405"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(IpAddress.parse("::").bits()).isEqualTo(128);
    }

    @Test
    void endpointWritesIpv6BetweenBrackets() {
        assertThat(new Endpoint(IpAddress.parse("192.0.2.1"), 500).withPort(4500))
                .hasToString("192.0.2.1:4500");
        assertThat(new Endpoint(IpAddress.parse("2001:db8::1"), 500)).hasToString("[2001:db8::1]:500");
        assertThatThrownBy(() -> new Endpoint(IpAddress.parse("::"), 65536))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
