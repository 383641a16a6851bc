package org.ikev2d.core.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.ikev2d.core.engine.MonoTime;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
    private final RateLimit limit = new RateLimit(3, Duration.ofSeconds(1));

    private int allowed(MonoTime now, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            allowed += limit.allows(now) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void burstIsAllowedAtOnceAndThenOneAtAPace() {
        MonoTime start = new MonoTime(-5);
        assertThat(allowed(start, 10)).isEqualTo(3);
        assertThat(allowed(start.plus(Duration.ofMillis(999)), 10)).isZero();
        assertThat(allowed(start.plus(Duration.ofSeconds(1)), 10)).isEqualTo(1);
        assertThat(allowed(start.plus(Duration.ofMillis(3500)), 10)).isEqualTo(2);
    }

    @Test
    void restGivesTheBurstBackAndNoMore() {
        MonoTime start = new MonoTime(0);
        assertThat(allowed(start, 10)).isEqualTo(3);
        assertThat(allowed(start.plus(Duration.ofDays(300)), 10)).isEqualTo(3);
    }
}
