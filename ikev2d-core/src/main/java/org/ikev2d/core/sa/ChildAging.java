package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.policy.ChildLifetime;

/**
 * When each Child SA is to be rekeyed, and when it is used no more (RFC 7296 §2.8).
 *
 * <pre>
 * made            rekeyed here    refused   again       at its life's end it goes, rekeyed or not
 *  |---------------[- at random -]---|--------|--- ... ---|
 *                  the end that asked for it is first
 * </pre>
 */
final class ChildAging {
    /** For longer no peer is busy (RFC 7296 §2.25). */
    private static final Duration LONGEST_FAILING = Duration.ofMinutes(3);

    private final SaChildren children;
    private final Map<ChildSa, Age> ages = new LinkedHashMap<>();

    private static final class Age {
        private final Optional<MonoTime> endsAt;
        private final BackOff backOff;
        private Optional<MonoTime> rekeyAt;
        private Optional<MonoTime> failingSince = Optional.empty();
        private boolean asked;

        Age(Optional<MonoTime> rekeyAt, Optional<MonoTime> endsAt, BackOff backOff) {
            this.rekeyAt = rekeyAt;
            this.endsAt = endsAt;
            this.backOff = backOff;
        }
    }

    ChildAging(SaChildren children) {
        this.children = children;
    }

    private Workbench bench() {
        return children.sa().bench();
    }

    /** Which part of a tenth an SA is rekeyed sooner: half of it by the end that asked for it, and what chance adds. */
    static double sooner(Workbench bench, boolean ours) {
        return (ours ? 0.5 : 0) + bench.share() / 2;
    }

    void born(ChildSa child) {
        ChildLifetime lifetime = children.sa().policy().childLifetime();
        long tenth = lifetime.rekey().toNanos() / 10;
        Duration sooner = Duration.ofNanos((long) (tenth * sooner(bench(), child.ours())));
        ages.put(
                child,
                new Age(
                        at(lifetime.rekey().minus(sooner)),
                        at(lifetime.life()),
                        new BackOff(
                                bench().policy().retryFirst(), bench().policy().retryLimit())));
    }

    private Optional<MonoTime> at(Duration age) {
        return age.isZero() ? Optional.empty() : Optional.of(bench().now().plus(age));
    }

    void gone(ChildSa child) {
        ages.remove(child);
    }

    /** {@code child} is to be rekeyed now, unless that is under way; or as soon as the peer is sure to have it. */
    void wanted(ChildSa child) {
        Age age = ages.get(child);
        if (age == null || age.asked) {
            return;
        }
        if (!children.sendsOn(child)) {
            age.rekeyAt = Optional.of(bench().now().plus(bench().policy().retryFirst()));
        } else {
            age.asked = true;
            age.rekeyAt = Optional.empty();
            children.sa().enqueue(new RekeyChild(children, child));
        }
    }

    /** There was no need to rekey {@code child} now. */
    void later(ChildSa child) {
        Optional.ofNullable(ages.get(child)).ifPresent(age -> {
            age.asked = false;
            age.rekeyAt = Optional.of(bench().now().plus(bench().policy().retryLimit()));
        });
    }

    /** Rekeying {@code child} came to nothing: it is tried again. Returns whether that has gone on for too long. */
    boolean failed(ChildSa child) {
        Age age = ages.get(child);
        if (age == null) {
            return false;
        }
        MonoTime now = bench().now();
        Duration wait = age.backOff.next();
        Duration more = Duration.ofNanos((long) (wait.toNanos() * bench().share() / 2));
        age.asked = false;
        age.rekeyAt = Optional.of(now.plus(wait).plus(more));
        age.failingSince = age.failingSince.or(() -> Optional.of(now));
        return now.since(age.failingSince.get()).compareTo(LONGEST_FAILING) >= 0;
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(ages.values().stream()
                .flatMap(age -> Stream.of(age.rekeyAt, age.endsAt))
                .toList());
    }

    /** Asks for those whose time has come; gives those whose life has ended. */
    List<ChildSa> onTime() {
        MonoTime now = bench().now();
        List.copyOf(ages.entrySet()).stream()
                .filter(one -> Deadlines.isDue(one.getValue().rekeyAt, now))
                .forEach(one -> wanted(one.getKey()));
        return ages.entrySet().stream()
                .filter(one -> Deadlines.isDue(one.getValue().endsAt, now))
                .map(Map.Entry::getKey)
                .toList();
    }
}
