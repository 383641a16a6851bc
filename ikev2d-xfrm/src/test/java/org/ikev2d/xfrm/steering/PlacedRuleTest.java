package org.ikev2d.xfrm.steering;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacedRuleTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eth0 1023 5 esp 192.0.2.1 0xc0000001",
                "eth0 - 0 esp 2001:db8::1 0xfffffffe",
                "eth0 4294967294 1 udp 198.51.100.2 40001 192.0.2.1 4500",
            })
    void aLineIsReadAsItWasWritten(String line) {
        assertThat(PlacedRule.parse(line))
                .hasValueSatisfying(rule -> assertThat(rule.toLine()).isEqualTo(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "eth0",
                "eth0 1 2",
                "eth0 1 2 esp",
                "eth0 1 2 esp 192.0.2.1 255",
                "eth0 1 2 esp 192.0.2.1 0xc0000001 more",
                "eth0 1 2 udp 192.0.2.1 x 192.0.2.1 4500",
                "eth0 one 2 esp 192.0.2.1 0xc0000001",
            })
    void anythingElseIsNoRule(String line) {
        assertThat(PlacedRule.parse(line)).isEmpty();
    }
}
