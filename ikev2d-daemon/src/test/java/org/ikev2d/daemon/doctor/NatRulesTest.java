package org.ikev2d.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NatRulesTest {
    @Test
    void eachChainThatTranslatesIsJudgedByItself() {
        NatRules rules = NatRules.of("""
                table inet filter {
                	chain forward {
                		type filter hook forward priority filter; policy accept;
                		ip saddr 10.1.0.0/16 accept
                	}
                }
                table ip nat {
                	chain POSTROUTING {
                		type nat hook postrouting priority srcnat; policy accept;
                		xt match "policy" accept
                		oifname "eth0" counter packets 0 bytes 0 masquerade
                	}
                	chain other {
                		ip saddr 10.0.0.0/8 snat to 192.0.2.1
                		ip saddr 10.0.0.0/8 masquerade
                	}
                }
                table ip6 nat {
                	chain POSTROUTING {
                		masquerade
                	}
                }
                """);
        assertThat(rules.careless())
                .containsExactly(
                        new NatRules.Chain("ip nat", "other", "ip saddr 10.0.0.0/8 snat to 192.0.2.1"),
                        new NatRules.Chain("ip6 nat", "POSTROUTING", "masquerade"));
    }

    @Test
    void destinationsMayBeTranslated() {
        assertThat(NatRules.of("table ip nat {\nchain prerouting {\ntcp dport 80 dnat to 10.1.0.5\n}\n}\n")
                        .careless())
                .isEmpty();
        assertThat(NatRules.of("").careless()).isEmpty();
    }
}
