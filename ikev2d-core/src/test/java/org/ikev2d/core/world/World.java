package org.ikev2d.core.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.IpAddress;

/**
 * Gateways joined by a network, under one clock that jumps to whatever comes next. The same seed gives the same story,
 * and whatever goes wrong is thrown with it.
 */
public final class World {
    /** More things than this happening in one moment, or in one wait, are taken for an endless exchange. */
    private static final int MOMENT_LIMIT = 5_000;

    private static final int WAIT_LIMIT = 500_000;

    private final long seed;
    private final VirtualClock clock = new VirtualClock();
    private final Story story = new Story(clock);
    private final Network network;
    private final List<Gateway> gateways = new ArrayList<>();
    private final PriorityQueue<Appointment> appointments =
            new PriorityQueue<>(Comparator.comparing(Appointment::at).thenComparing(Appointment::order));
    private Optional<Choices> choices = Optional.empty();
    private long order;

    private record Appointment(MonoTime at, long order, Runnable action) {}

    private World(long seed) {
        this.seed = seed;
        this.network = new Network(this, seed);
    }

    /**
     * Plays {@code plot} in a new world; afterwards everything is stopped and nothing may be left over.
     *
     * @return the story
     */
    public static String play(long seed, Consumer<World> plot) {
        World world = new World(seed);
        try {
            plot.accept(world);
            world.expectNothingLeftOver();
        } catch (AssertionError | RuntimeException failed) {
            throw new AssertionError(
                    failed.getMessage() + "\nseed " + seed + ", " + world.choices + "\n" + world.story.end(), failed);
        }
        return world.story.whole();
    }

    public long seed() {
        return seed;
    }

    public VirtualClock clock() {
        return clock;
    }

    public Network network() {
        return network;
    }

    /** The parcel that arrives next is one of all those on their way, as {@code picks} says; timers wait meanwhile. */
    public void choosing(Choices picks) {
        choices = Optional.of(picks);
    }

    /** A gateway that is not started yet. */
    public Gateway gateway(String name, IpAddress address, Cpus cpus, Engines engines) {
        long own = seed * 1_000_003 + gateways.size();
        FakeKernel kernel = new FakeKernel(own, clock, cpus.possible());
        Gateway gateway = new Gateway(this, name, address, kernel, own, cpus, engines);
        gateways.add(gateway);
        return gateway;
    }

    /** Puts a NAT in front of {@code gateway}. */
    public Nat nat(Gateway gateway, IpAddress outside) {
        return network.nat(gateway, new Nat(outside, clock));
    }

    public List<Gateway> gateways() {
        return gateways;
    }

    /** Adds a line to the story. */
    public void tell(String line) {
        story.tell(line);
    }

    public void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Lets {@code action} happen that much later. */
    public void after(Duration delay, Runnable action) {
        appointments.add(new Appointment(clock.now().plus(delay), order++, action));
    }

    /** Lets the world go on for that long. */
    public void runFor(Duration duration) {
        MonoTime end = clock.now().plus(duration);
        goOnUntil(end, () -> false);
        clock.set(end);
    }

    /** Lets the world go on until {@code reached}, which must be within {@code limit}. */
    public void runUntil(String what, Duration limit, BooleanSupplier reached) {
        MonoTime end = clock.now().plus(limit);
        expect(goOnUntil(end, reached), "not within " + limit.toMillis() + " ms: " + what);
    }

    private boolean goOnUntil(MonoTime end, BooleanSupplier reached) {
        MonoTime moment = clock.now();
        int inMoment = 0;
        for (int happened = 0; happened < WAIT_LIMIT; happened++) {
            gateways.forEach(Gateway::hearKernel);
            if (reached.getAsBoolean()) {
                return true;
            }
            inMoment = moment.equals(clock.now()) ? inMoment + 1 : 0;
            moment = clock.now();
            expect(inMoment < MOMENT_LIMIT, MOMENT_LIMIT + " things happened in one moment: this has no end");
            if (choices.isPresent() && network.inFlight() > 0) {
                network.deliverOne(choices);
                continue;
            }
            Optional<MonoTime> next = nextMoment();
            if (next.isEmpty() || next.get().isAfter(end)) {
                return false;
            }
            if (next.get().isAfter(clock.now())) {
                clock.set(next.get());
            }
            happen();
        }
        throw new AssertionError(WAIT_LIMIT + " things happened in one wait: this has no end");
    }

    private Optional<MonoTime> nextMoment() {
        Optional<MonoTime> next = network.nextArrival();
        if (!appointments.isEmpty()) {
            next = earlier(next, Optional.of(appointments.element().at()));
        }
        for (Gateway gateway : gateways) {
            next = earlier(earlier(next, gateway.deadline()), gateway.kernel().nextDeadline());
        }
        return next;
    }

    private static Optional<MonoTime> earlier(Optional<MonoTime> one, Optional<MonoTime> other) {
        boolean first = other.isEmpty() || (one.isPresent() && !one.get().isAfter(other.get()));
        return first ? one : other;
    }

    /** One thing that is due now: what arrives comes before what was planned, and that before timers. */
    private void happen() {
        if (isDue(network.nextArrival())) {
            network.deliverOne(Optional.empty());
        } else if (!appointments.isEmpty()
                && isDue(Optional.of(appointments.element().at()))) {
            appointments.remove().action().run();
        } else {
            for (Gateway gateway : gateways) {
                if (isDue(gateway.deadline())) {
                    gateway.tick();
                    return;
                }
            }
        }
    }

    private boolean isDue(Optional<MonoTime> time) {
        return time.isPresent() && !time.get().isAfter(clock.now());
    }

    String describe(Bytes message) {
        return MessageText.of(
                message,
                ciphertext -> gateways.stream()
                        .flatMap(gateway -> gateway.plaintextOf(ciphertext).stream())
                        .findFirst());
    }

    /** Stops every engine that runs; then no kernel may hold anything, and no secret may be open. */
    public void expectNothingLeftOver() {
        choices = Optional.empty();
        List<Gateway> running = gateways.stream().filter(Gateway::isRunning).toList();
        running.forEach(gateway -> gateway.stop(false));
        runUntil(
                "every engine has stopped",
                Duration.ofMinutes(2),
                () -> running.stream().noneMatch(Gateway::isRunning));
        for (Gateway gateway : gateways) {
            List<String> kernel = gateway.kernel().leftOver();
            expect(kernel.isEmpty(), gateway + "'s kernel is left with " + kernel);
            List<String> unclosed = gateway.unclosed();
            expect(unclosed.isEmpty(), gateway + " is left with " + unclosed);
        }
    }
}
