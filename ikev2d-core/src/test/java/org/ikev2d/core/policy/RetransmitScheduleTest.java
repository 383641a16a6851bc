package org.ikev2d.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetransmitScheduleTest {
    private static List<Long> waits(RetransmitSchedule schedule, int sendings) {
        List<Long> waits = new ArrayList<>();
        for (int sent = 1; sent <= sendings; sent++) {
            waits.add(schedule.waitAfter(sent).toMillis());
        }
        return waits;
    }

    @Test
    void defaultGivesUpAfterHalfAMinute_rfc7296_2_4() {
        assertThat(waits(RetransmitSchedule.DEFAULT, 5)).containsExactly(1000L, 2000L, 4000L, 8000L, 15000L);
        assertThat(RetransmitSchedule.DEFAULT.exhausted(4)).isFalse();
        assertThat(RetransmitSchedule.DEFAULT.exhausted(5)).isTrue();
        assertThat(RetransmitSchedule.DEFAULT.patience()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void waitsGrowByTheFactorUpToTheLimit() {
        RetransmitSchedule schedule = new RetransmitSchedule(Duration.ofMillis(500), 1.5, Duration.ofSeconds(2), 9);
        assertThat(waits(schedule, 6)).containsExactly(500L, 750L, 1125L, 1687L, 2000L, 2000L);
    }

    @Test
    void factorOfOneKeepsThePace() {
        RetransmitSchedule schedule = new RetransmitSchedule(Duration.ofSeconds(3), 1, Duration.ofSeconds(60), 4);
        assertThat(waits(schedule, 4)).containsExactly(3000L, 3000L, 3000L, 3000L);
    }

    @Test
    void firstWaitIsWithinTheLimitToo() {
        RetransmitSchedule schedule = new RetransmitSchedule(Duration.ofSeconds(9), 2, Duration.ofSeconds(5), 3);
        assertThat(waits(schedule, 2)).containsExactly(5000L, 5000L);
    }

    /** 2 to the power of many is more than any number of nanoseconds. */
    @Test
    void limitHoldsHoweverOftenItWasSent() {
        RetransmitSchedule schedule =
                new RetransmitSchedule(Duration.ofSeconds(1), 2, Duration.ofSeconds(15), Integer.MAX_VALUE);
        for (int sent : new int[] {64, 1_000, 100_000, Integer.MAX_VALUE}) {
            assertThat(schedule.waitAfter(sent)).isEqualTo(Duration.ofSeconds(15));
        }
    }

    @Test
    void oneTryIsGivenUpAfterItsWait() {
        RetransmitSchedule schedule = new RetransmitSchedule(Duration.ofSeconds(1), 2, Duration.ofSeconds(15), 1);
        assertThat(schedule.exhausted(1)).isTrue();
    }
}
