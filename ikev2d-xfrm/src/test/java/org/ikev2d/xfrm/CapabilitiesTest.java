package org.ikev2d.xfrm;

import static org.assertj.core.api.Assertions.assertThat;

import org.ikev2d.xfrm.Capabilities.Capability;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static final Capability XFRM = Capability.there("XFRM");

    @Test
    void allThatIsThere() {
        Capabilities capabilities = new Capabilities(
                XFRM,
                Capability.there("CAP_NET_ADMIN"),
                Capability.there("ESP over IPv4"),
                Capability.there("ESP over IPv6"),
                Capability.there("SA_DIR"),
                Capability.there("SA_PCPU"));
        assertThat(capabilities.isComplete()).isTrue();
        assertThat(capabilities.summary())
                .isEqualTo("kernel has: XFRM, CAP_NET_ADMIN, ESP over IPv4, ESP over IPv6, SA_DIR, SA_PCPU");
    }

    @Test
    void aReasonThatSeveralShareIsSaidOnce() {
        Capabilities capabilities = new Capabilities(
                XFRM,
                Capability.there("CAP_NET_ADMIN"),
                new Capability("ESP over IPv4", "no module"),
                new Capability("ESP over IPv6", "no module"),
                Capability.there("SA_DIR"),
                new Capability("SA_PCPU", "too old"));
        assertThat(capabilities.isComplete()).isFalse();
        assertThat(capabilities.summary())
                .isEqualTo("kernel has: XFRM, CAP_NET_ADMIN, SA_DIR; no ESP over IPv4, no ESP over IPv6: no module; "
                        + "no SA_PCPU: too old");
    }
}
