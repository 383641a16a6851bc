package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;

/**
 * When one SA is to be rekeyed, and when it is used no more (RFC 7296 §2.8).
 *
 * <pre>
 * made            rekeyed here    refused   again       at its life's end it goes, rekeyed or not
 *  |---------------[- at random -]---|--------|--- ... ---|
 *                  the end that asked for it is first
 * </pre>
 */
final class Age {
    /** For longer no peer is busy (RFC 7296 §2.25). */
    private static final Duration LONGEST_FAILING = Duration.ofMinutes(3);

    private final Workbench bench;
    private final Optional<MonoTime> endsAt;
    private final BackOff backOff;
    private Optional<MonoTime> rekeyAt;
    private Optional<MonoTime> failingSince = Optional.empty();
    private boolean asked;

    /**
     * Of an SA that is made now.
     *
     * @param rekey when it is rekeyed at the latest, up to a tenth sooner; zero: never
     * @param life when it is used no more; zero: never
     * @param sooner which part of a tenth, 0 to 1
     */
    Age(Workbench bench, Duration rekey, Duration life, double sooner) {
        long tenth = rekey.toNanos() / 10;
        this.bench = bench;
        this.rekeyAt = at(rekey.minus(Duration.ofNanos((long) (tenth * sooner))));
        this.endsAt = at(life);
        this.backOff = new BackOff(bench.policy().retryFirst(), bench.policy().retryLimit());
    }

    /** Which part of a tenth an SA is rekeyed sooner: half of it by the end that asked for it, and what chance adds. */
    static double sooner(Workbench bench, boolean ours) {
        return (ours ? 0.5 : 0) + bench.share() / 2;
    }

    private Optional<MonoTime> at(Duration age) {
        return age.isZero() ? Optional.empty() : Optional.of(bench.now().plus(age));
    }

    /** It is to be rekeyed now. Returns whether that is not under way already. */
    boolean wanted() {
        boolean before = asked;
        asked = true;
        rekeyAt = Optional.empty();
        return !before;
    }

    /** It cannot be rekeyed yet. */
    void soon() {
        if (!asked) {
            rekeyAt = at(bench.policy().retryFirst());
        }
    }

    /** There was no need to rekey it now. */
    void later() {
        asked = false;
        rekeyAt = at(bench.policy().retryLimit());
    }

    /** Rekeying it came to nothing: it is tried again. Returns whether that has gone on for too long. */
    boolean failed() {
        MonoTime now = bench.now();
        Duration wait = backOff.next();
        Duration more = Duration.ofNanos((long) (wait.toNanos() * bench.share() / 2));
        asked = false;
        rekeyAt = Optional.of(now.plus(wait).plus(more));
        failingSince = failingSince.or(() -> Optional.of(now));
        return now.since(failingSince.get()).compareTo(LONGEST_FAILING) >= 0;
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(rekeyAt, endsAt));
    }

    boolean isRekeyDue() {
        return Deadlines.isDue(rekeyAt, bench.now());
    }

    boolean isOver() {
        return Deadlines.isDue(endsAt, bench.now());
    }
}
