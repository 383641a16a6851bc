package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Per-CPU SAs that nobody uses for a while. */
final class IdleTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    static Stream<Arguments> kinds() {
        List<Arguments> all = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            for (Dialect dialect : Dialect.values()) {
                all.add(Arguments.of(mode, dialect));
            }
        }
        return all.stream();
    }

    private static Tunnels tunnels(Mode mode, Dialect dialect) {
        return Tunnels.pair().queues(Queues.idle(TIMEOUT, mode, dialect));
    }

    /** With an SA for each CPU of each end. */
    private static Pair used(World world, Tunnels tunnels) {
        Pair pair = Pair.of(world, tunnels).start();
        world.runUntil(
                "up",
                Duration.ofSeconds(1),
                () -> pair.left().isUp() && pair.right().isUp());
        BothWays traffic = BothWays.of(pair).start();
        world.runFor(Duration.ofSeconds(10));
        traffic.stop().expectNoLoss().expectOwnSas();
        return pair;
    }

    private static void expectOnlyTheFallback(Pair pair) {
        pair.expectAgreement();
        assertThat(pair.left().children()).extracting(ChildStatus::kind).containsExactly(ChildKind.FALLBACK);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void goAndTheirCpusUseTheFallbackAndHaveOthersWhenTheySendAgain_rfc9611_3(Mode mode, Dialect dialect) {
        World.play(1, world -> {
            Pair pair = used(world, tunnels(mode, dialect));
            world.runFor(TIMEOUT.multipliedBy(5).dividedBy(4).plusSeconds(15));
            expectOnlyTheFallback(pair);
            // And it stays so.
            Wiretap wiretap = Wiretap.in(world);
            world.runFor(Duration.ofMinutes(10));
            expectOnlyTheFallback(pair);
            assertThat(wiretap.all()).noneMatch(message -> message.is(ExchangeType.CREATE_CHILD_SA, false));
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(10));
            traffic.stop().expectNoLoss().expectOwnSas();
            pair.expectAgreement();
            assertThat(pair.left().coversAll() && pair.right().coversAll()).isTrue();
            assertThat(pair.left().asksPerCpu() || pair.right().asksPerCpu()).isFalse();
        });
    }

    /** It goes for the SA, whoever uses it: what comes in counts, too. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void oneThatEitherEndUsesStays(Mode mode) {
        World.play(1, world -> {
            Pair pair = used(world, tunnels(mode, Dialect.RFC9611));
            CpuId busy = new CpuId(2);
            for (int second = 0; second < 200; second += 10) {
                Packet packet = Packet.udp(Tunnels.host(2), 4002, Tunnels.host(1), 7);
                Departure sent = pair.right().kernel().send(busy, packet);
                assertThat(((Departure.Encrypted) sent).packet().stateCpu()).contains(busy);
                pair.left().kernel().receive(((Departure.Encrypted) sent).packet());
                world.runFor(Duration.ofSeconds(10));
            }
            pair.expectAgreement();
            assertThat(pair.right().covered()).containsExactly(busy);
        });
    }

    @Test
    void withoutATimeoutTheyStay() {
        World.play(1, world -> {
            Pair pair = used(world, Tunnels.pair().queues(Queues.of(Mode.EAGER, Dialect.RFC9611)));
            world.runFor(Duration.ofHours(5));
            assertThat(pair.left().coversAll() && pair.right().coversAll()).isTrue();
        });
    }

    /** The eager end that does not know of it makes them anew, each time after a while: no storm, and nothing is lost. */
    @Test
    void onlyOneEndLetsThemGo() {
        World.play(1, world -> {
            Tunnels tunnels = tunnels(Mode.EAGER, Dialect.RFC9611);
            tunnels.right().queues(QueuePolicy.DEFAULT);
            Pair pair = used(world, tunnels);
            Wiretap wiretap = Wiretap.in(world);
            world.runFor(TIMEOUT.multipliedBy(10));
            assertThat(wiretap.from(Tunnels.RIGHT).filter(message -> message.is(ExchangeType.CREATE_CHILD_SA, false)))
                    .hasSizeBetween(4, 40);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(10));
            traffic.stop().expectNoLoss().expectOwnSas();
        });
    }

    /** Both ends tell each other at once, and some of it is lost. */
    @Test
    void bothEndsLetThemGoAtOnceWhileMessagesAreLost() {
        World.play(1, world -> {
            Pair pair = used(world, tunnels(Mode.EAGER, Dialect.RFC9611));
            Wiretap wiretap = Wiretap.in(world);
            wiretap.losing(message -> wiretap.all().size() % 3 != 0);
            world.runFor(TIMEOUT.multipliedBy(2));
            wiretap.losing(message -> false);
            world.runFor(Duration.ofMinutes(2));
            expectOnlyTheFallback(pair);
        });
    }

    /** The peer deletes SAs for another reason, too: because they are rekeyed. */
    @Test
    void cpuWhoseSaThePeerHasRekeyedDoesNotRest() {
        World.play(1, world -> {
            Pair pair = used(world, tunnels(Mode.EAGER, Dialect.RFC9611));
            pair.left().gateway().rekey("t");
            world.runFor(Duration.ofSeconds(5));
            for (ChildStatus child : pair.right().children()) {
                if (child.kind() == ChildKind.PER_CPU) {
                    pair.right().gateway().hear(new KernelEvent.Expire(child.outbound(), ReqId.ofTunnel(2), true));
                }
            }
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.right().coversAll()).isTrue();
        });
    }
}
