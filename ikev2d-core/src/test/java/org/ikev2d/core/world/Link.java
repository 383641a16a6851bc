package org.ikev2d.core.world;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The way from one gateway to another, with its weather. */
final class Link {
    private final Random random;
    private Weather weather;
    private boolean cut;
    private int burstLeft;

    Link(long seed, Weather weather) {
        this.random = new Random(seed);
        this.weather = weather;
    }

    void set(Weather next) {
        weather = next;
    }

    void cut(boolean now) {
        cut = now;
    }

    /** The delays of a packet's copies; none when it is lost. */
    List<Duration> carry() {
        List<Duration> fates = weather.fates(random);
        if (burstLeft > 0) {
            burstLeft--;
            return List.of();
        }
        if (random.nextDouble() < weather.burst()) {
            burstLeft = weather.burstLength() - 1;
            return List.of();
        }
        return cut ? List.of() : fates;
    }
}
