package org.ikev2d.core.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a network does to packets. Probabilities are 0 to 1.
 *
 * @param latency of every packet
 * @param jitter up to this much more, evenly; packets overtake each other by it
 * @param reordering how probable it is that a packet is held back by three times the latency
 * @param burst how probable it is that a packet begins a burst of {@code burstLength} lost ones
 */
public record Weather(
        Duration latency,
        Duration jitter,
        double loss,
        double duplication,
        double reordering,
        double burst,
        int burstLength) {
    /** Every packet arrives after 10 ms, in order. */
    public static final Weather FAIR = new Weather(Duration.ofMillis(10), Duration.ZERO, 0, 0, 0, 0, 0);

    /** Every fifth packet is lost, and nothing else is sure either. */
    public static final Weather FOUL = new Weather(Duration.ofMillis(20), Duration.ofMillis(30), 0.2, 0.1, 0.1, 0, 0);

    /** Whole bursts are lost. */
    public static final Weather GUSTY = new Weather(Duration.ofMillis(20), Duration.ofMillis(5), 0, 0.02, 0, 0.05, 4);

    /** The delays of the packet's copies; none when it is lost. */
    List<Duration> fates(Random random) {
        List<Duration> delays = new ArrayList<>();
        boolean lost = random.nextDouble() < loss;
        boolean twice = random.nextDouble() < duplication;
        for (int copy = 0; copy < (lost ? 0 : twice ? 2 : 1); copy++) {
            Duration delay = latency.plusNanos((long) (random.nextDouble() * jitter.toNanos()));
            delays.add(random.nextDouble() < reordering ? delay.plus(latency.multipliedBy(3)) : delay);
        }
        return delays;
    }
}
