package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Gateway;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens while a verdict on a certificate is awaited: everybody else is served. */
final class CertificateVerdictTest {
    /** Meanwhile the peer repeats its request, which is neither answered nor worked on twice. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 700, 3_500, 9_000})
    void aVerdictMayTakeItsTime(int millis) {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            for (End end : List.of(pair.left(), pair.right())) {
                end.gateway().judge().takes(Optional.of(Duration.ofMillis(millis)));
            }
            pair.start();
            world.runUntil(
                    "up",
                    Duration.ofSeconds(20),
                    () -> pair.left().isUp() && pair.right().isUp());
            pair.untilWhole();
            assertThat(pair.left().gateway().judge().asked()).isEqualTo(1);
            assertThat(pair.right().gateway().judge().asked()).isEqualTo(1);
            BothWays.of(pair).once();
        });
    }

    @Test
    void whileAVerdictIsAwaitedOthersAreServed() {
        Certified.play(world -> {
            Tunnels slow = Certified.pair(When.ALWAYS, 0);
            Tunnels quick = Tunnels.between(Tunnels.LEFT, Tunnels.RIGHT, Tunnels.net(3), Tunnels.net(4));
            quick.left().number(3);
            quick.right().number(4);
            Pair pair = Certified.trusting(world, slow);
            pair.right().gateway().judge().takes(Optional.of(Duration.ofSeconds(8)));
            pair.right().configure(slow.right(), other(quick.right()));
            pair.left().configure(slow.left(), other(quick.left()));
            pair.start();
            world.runUntil(
                    "the other tunnel is up",
                    Duration.ofSeconds(2),
                    () -> isUp(pair.left(), "other") && isUp(pair.right(), "other"));
            assertThat(pair.left().isUp()).isFalse();
            world.runUntil(
                    "both are up",
                    Duration.ofSeconds(10),
                    () -> pair.left().isUp() && pair.right().isUp());
        });
    }

    private static boolean isUp(End end, String tunnel) {
        return end.status(tunnel).state() == org.ikev2d.core.engine.TunnelStatus.State.UP;
    }

    private static TunnelDraft other(TunnelDraft draft) {
        Identity blue = Identity.parse("keyid:blue");
        return draft.named("other").ids(blue, blue);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVerdictThatNeverComesIsANo(boolean atTheInitiator) {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            End waiting = atTheInitiator ? pair.left() : pair.right();
            waiting.gateway().judge().takes(Optional.empty());
            pair.start();
            world.runUntil(
                    "it is given up",
                    Duration.ofSeconds(40),
                    () -> !waiting.lastError().isEmpty());
            assertThat(waiting.lastError())
                    .isEqualTo("certificate-refused: nothing was found out about the peer's certificate in 25 s");
            world.runFor(Duration.ofMillis(500));
            pair.expectNothingUp();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofMinutes(2));
        });
    }

    /** An answer to a question of a life or an IKE SA before, or a second one, changes nothing. */
    @Test
    void aVerdictThatNobodyWaitsForIsPassedOver() {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            Gateway right = pair.right().gateway();
            right.judge().takes(Optional.of(Duration.ofSeconds(3)));
            pair.start();
            world.runFor(Duration.ofSeconds(1));
            right.kill();
            right.start();
            world.runFor(Duration.ofSeconds(1));
            pair.left().gateway().down("t");
            pair.left().gateway().up("t");
            world.runUntil(
                    "up",
                    Duration.ofSeconds(60),
                    () -> pair.left().isUp() && pair.right().isUp());
            pair.untilSettled();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTunnelMayBeTakenDownWhileAVerdictIsAwaited(boolean atTheInitiator) {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            End waiting = atTheInitiator ? pair.left() : pair.right();
            waiting.gateway().judge().takes(Optional.of(Duration.ofSeconds(3)));
            pair.start();
            world.runFor(Duration.ofSeconds(1));
            long ticket = pair.left().gateway().down("t");
            world.runUntil(
                    "it is down",
                    Duration.ofSeconds(5),
                    () -> pair.left().gateway().reply(ticket).isPresent());
            assertThat(pair.left().isUp()).isFalse();
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.left().isUp()).isFalse();
            // What the verdict makes of it at the other end does not stand in the way of another attempt.
            waiting.gateway().judge().takes(Optional.of(Duration.ZERO));
            pair.left().gateway().up("t");
            pair.untilSettled();
        });
    }

    @Test
    void theDaemonMayBeStoppedWhileAVerdictIsAwaited() {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            pair.left().gateway().judge().takes(Optional.empty());
            pair.right().gateway().judge().takes(Optional.empty());
            pair.start();
            world.runFor(Duration.ofSeconds(1));
        });
    }

    // A peer that plays tricks while it is judged.

    private static void judged(Consumer<Scene> plot) {
        Certified.play(world -> {
            Tunnels tunnels = Certified.pair(When.ALWAYS, 0);
            tunnels.right().local(Tunnels.pair().right().credentials().local());
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right());
            right.gateway().judge().finds(Proving.certificate(Certified.LEFT), Proving.trusted(Certified.LEFT));
            right.gateway().judge().takes(Optional.of(Duration.ofSeconds(2)));
            right.start();
            HandmadePeer peer = HandmadePeer.started(world, Tunnels.pair().left())
                    .proving(signed -> CertifiedPeer.proof(Certified.LEFT, signed));
            peer.init(CertifiedPeer.hashes());
            plot.accept(new Scene(world, peer, right));
        });
    }

    private record Scene(World world, HandmadePeer peer, End end) {}

    @Test
    void aRequestRepeatedMeanwhileIsAnsweredOnce_rfc7296_2_1() {
        judged(scene -> {
            Bytes request = scene.peer().authSent();
            for (int i = 0; i < 5; i++) {
                scene.world().runFor(Duration.ofMillis(300));
                assertThat(scene.peer().answered()).isEmpty();
                scene.peer().sendRaw(request);
            }
            scene.world().runFor(Duration.ofSeconds(1));
            assertThat(scene.peer().answered()).isPresent();
            assertThat(scene.end().gateway().judge().asked()).isEqualTo(1);
            assertThat(scene.end().isUp()).isTrue();
            scene.peer().sendRaw(request);
            scene.world().runFor(Duration.ofMillis(100));
            assertThat(scene.end().gateway().judge().asked()).isEqualTo(1);
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL)).isEmpty();
        });
    }

    @Test
    void otherRequestsMeanwhileAreNotWorkedOn_rfc7296_2_3() {
        judged(scene -> {
            scene.peer().authSent();
            scene.world().runFor(Duration.ofMillis(100));
            scene.peer().askedTooEarly(ExchangeType.INFORMATIONAL, new Payload.Delete(1, List.of()));
            scene.world().runFor(Duration.ofSeconds(1));
            assertThat(scene.end().gateway().hasTold("repeated")).isTrue();
            scene.world().runFor(Duration.ofSeconds(2));
            assertThat(scene.end().isUp()).isTrue();
        });
    }

    @Test
    void aPeerThatGoesAwayMeanwhileLeavesNothing() {
        judged(scene -> {
            scene.end().gateway().judge().takes(Optional.empty());
            scene.peer().authSent();
            scene.world().runFor(Duration.ofSeconds(60));
            assertThat(scene.peer().answered()).contains(List.of(Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED)));
            assertThat(scene.end().isUp()).isFalse();
        });
    }

    @Holds("7296-3.6-d")
    @Test
    void theFirstCertificateIsTheOneThatCounts_rfc7296_3_6() {
        judged(scene -> {
            scene.end().gateway().judge().takes(Optional.of(Duration.ZERO));
            scene.peer().proving(signed -> {
                List<Payload> many = new java.util.ArrayList<>(CertifiedPeer.proof(Certified.LEFT, signed));
                many.add(0, new Payload.Certificate(7, Bytes.of(new byte[2000])));
                many.add(0, new Payload.Certificate(99, Bytes.empty()));
                many.add(0, new Payload.Certificate(4, Bytes.empty()));
                return many;
            });
            List<Payload> answer = scene.peer().auth();
            assertThat(answer).containsExactly(Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED));
        });
    }
}
