package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.ChildLifetime;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What our end asks to rekey a Child SA, and what it makes of a peer that will not (RFC 7296 §2.25). */
final class RekeyRefusedTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);

    /** Our end with a fallback and an SA for its one CPU; {@code toRekey} is the peer's answer to the wish to rekey. */
    private record Scene(World world, HandmadePeer peer, End end) {
        static void play(
                ChildLifetime lifetime,
                BiFunction<Payloads, List<Payload>, List<Payload>> toRekey,
                Consumer<Scene> plot) {
            World.play(1, world -> {
                Tunnels tunnels = Tunnels.pair();
                HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
                peer.answering((request, usual) -> switch (request.exchange()) {
                    case IKE_AUTH -> withInfo(usual);
                    case CREATE_CHILD_SA ->
                        request.has(NotifyType.REKEY_SA) ? toRekey.apply(request, withInfo(usual)) : withInfo(usual);
                    default -> usual;
                });
                End end = new End(
                                world,
                                "end",
                                Cpus.firstOnes(1),
                                tunnels.left().childLifetime(lifetime).liveness(Duration.ZERO))
                        .start();
                world.runFor(Duration.ofSeconds(2));
                assertThat(end.children()).hasSize(2);
                plot.accept(new Scene(world, peer, end));
            });
        }

        private static List<Payload> withInfo(List<Payload> usual) {
            return Stream.concat(usual.stream(), Stream.of(RESOURCE_INFO)).toList();
        }

        ChildStatus fallback() {
            return end.children().stream()
                    .filter(child -> child.kind() == ChildKind.FALLBACK)
                    .findFirst()
                    .orElseThrow();
        }

        ChildStatus perCpu() {
            return end.children().stream()
                    .filter(child -> child.kind() == ChildKind.PER_CPU)
                    .findFirst()
                    .orElseThrow();
        }

        List<Payloads> asked(ExchangeType exchange) {
            return peer.heard().stream()
                    .filter(request -> request.exchange() == exchange)
                    .toList();
        }

        /** Wishes to rekey {@code child}. */
        List<Payloads> wishes(ChildStatus child) {
            return asked(ExchangeType.CREATE_CHILD_SA).stream()
                    .filter(request -> names(request, child))
                    .toList();
        }

        boolean wasDeleted(ChildStatus child) {
            return asked(ExchangeType.INFORMATIONAL).stream()
                    .flatMap(Payloads::deletes)
                    .anyMatch(delete ->
                            delete.spis().contains(child.inbound().spi().toBytes()));
        }
    }

    private static boolean names(Payloads request, ChildStatus child) {
        return request.notifies()
                .anyMatch(notify -> notify.notifyType() == NotifyType.REKEY_SA.code()
                        && notify.spi().equals(child.inbound().spi().toBytes()));
    }

    private static List<Payload> error(NotifyType type) {
        return List.of(Payload.Notify.of(type));
    }

    @Holds({"7296-1.3.3-a", "7296-2.9.2-b", "7296-2.9.2-d"})
    @Test
    void requestNamesTheOldSaAndHasItsSelectorsAndAlgorithms_rfc7296_1_3_3() {
        Scene.play(ChildLifetime.FOREVER, (request, usual) -> usual, scene -> {
            List<ChildStatus> before = scene.end().children();
            scene.end().gateway().rekey("t");
            scene.world().runFor(Duration.ofSeconds(1));
            for (ChildStatus old : before) {
                List<Payloads> wishes = scene.wishes(old);
                assertThat(wishes).hasSize(1);
                List<Payload> all = wishes.get(0).all();
                assertThat(all.get(0))
                        .isEqualTo(new Payload.Notify(
                                ProtocolId.ESP.code(),
                                old.inbound().spi().toBytes(),
                                NotifyType.REKEY_SA.code(),
                                Bytes.empty()));
                assertThat(all)
                        .contains(
                                new Payload.TrafficSelectors(true, List.of(Tunnels.net(1))),
                                new Payload.TrafficSelectors(false, List.of(Tunnels.net(2))),
                                RESOURCE_INFO);
                Payload.SecurityAssociation offer = HandmadePeer.only(all, Payload.SecurityAssociation.class);
                assertThat(offer.proposals()).hasSize(1);
                assertThat(scene.wasDeleted(old)).isTrue();
            }
            assertThat(scene.end().children()).hasSize(2).doesNotContainAnyElementsOf(before);
            scene.world().runFor(Duration.ofSeconds(11));
            scene.end().expectKernelAsTold();
        });
    }

    @Holds({"7296-2.25-b", "7296-2.25-c"})
    @Test
    void busyPeerIsAskedAgainLaterAndLater_rfc7296_2_25() {
        int[] refusals = {0};
        Scene.play(
                ChildLifetime.FOREVER,
                (request, usual) -> refusals[0]++ < 6 ? error(NotifyType.TEMPORARY_FAILURE) : usual,
                scene -> {
                    List<ChildStatus> before = scene.end().children();
                    scene.end().gateway().rekey("t");
                    scene.world().runFor(Duration.ofMillis(900));
                    before.forEach(old -> assertThat(scene.wishes(old)).hasSize(1));
                    scene.world().runFor(Duration.ofSeconds(2));
                    before.forEach(old -> assertThat(scene.wishes(old)).hasSize(2));
                    assertThat(scene.end().children()).isEqualTo(before);
                    scene.world().runFor(Duration.ofSeconds(30));
                    assertThat(scene.end().children()).hasSize(2).doesNotContainAnyElementsOf(before);
                });
    }

    /** A responder's IKE SA, which is the peer's to make anew, ends with the life of its SA. */
    @Holds({"7296-2.8-a", "7296-2.8-b"})
    @Test
    void ikeSaOfAnSaThatCannotBeRekeyedEndsWithItsLife_rfc7296_2_8() {
        ChildLifetime life = new ChildLifetime(Duration.ofSeconds(60), Duration.ofSeconds(90), 0, 0);
        Scene.play(life, (request, usual) -> error(NotifyType.TEMPORARY_FAILURE), scene -> {
            scene.world().runFor(Duration.ofSeconds(87));
            assertThat(scene.end().children()).hasSize(2);
            scene.world().runFor(Duration.ofSeconds(2));
            assertThat(scene.asked(ExchangeType.INFORMATIONAL).stream().flatMap(Payloads::deletes))
                    .anyMatch(delete -> delete.protocol() == ProtocolId.IKE.code());
            assertThat(scene.end().gateway().hasTold("child-expired")).isTrue();
        });
    }

    @Holds("7296-2.25-f")
    @Test
    void perCpuSaThatThePeerHasNotIsForgottenAndMadeAnew_rfc7296_2_25() {
        Scene.play(
                ChildLifetime.FOREVER,
                (request, usual) -> request.notifies()
                        .filter(notify -> notify.notifyType() == NotifyType.REKEY_SA.code())
                        .findFirst()
                        .map(notify -> List.<Payload>of(new Payload.Notify(
                                ProtocolId.ESP.code(),
                                notify.spi(),
                                NotifyType.CHILD_SA_NOT_FOUND.code(),
                                Bytes.empty())))
                        .orElseThrow(),
                scene -> {
                    List<ChildStatus> before = scene.end().children();
                    int asked = scene.asked(ExchangeType.CREATE_CHILD_SA).size();
                    scene.end().gateway().rekey("t");
                    scene.world().runFor(Duration.ofSeconds(3));
                    // Two wishes, and both anew.
                    assertThat(scene.asked(ExchangeType.CREATE_CHILD_SA)).hasSize(asked + 4);
                    before.forEach(old -> assertThat(scene.wasDeleted(old)).isFalse());
                    assertThat(scene.end().children()).hasSize(2).doesNotContainAnyElementsOf(before);
                    assertThat(scene.fallback().rekeys()).isZero();
                    scene.end().expectKernelAsTold();
                });
    }

    /** The fallback carries the CPU's traffic meanwhile. */
    @ParameterizedTest
    @EnumSource(names = {"NO_ADDITIONAL_SAS", "TS_MAX_QUEUE", "NO_PROPOSAL_CHOSEN", "TS_UNACCEPTABLE"})
    void perCpuSaThatThePeerWillNotRekeyIsDeletedAndMadeAnew_rfc9611_3(NotifyType refusal) {
        Scene.play(ChildLifetime.FOREVER, (request, usual) -> usual, scene -> {
            ChildStatus old = scene.perCpu();
            scene.peer()
                    .answering((request, usual) -> names(request, old)
                            ? error(refusal)
                            : request.exchange() == ExchangeType.CREATE_CHILD_SA ? Scene.withInfo(usual) : usual);
            scene.end().gateway().rekey("t");
            scene.world().runFor(Duration.ofSeconds(3));
            assertThat(scene.wasDeleted(old)).isTrue();
            assertThat(scene.end().children()).hasSize(2).doesNotContain(old);
            assertThat(scene.perCpu().cpu()).isEqualTo(old.cpu());
            assertThat(scene.perCpu().rekeys()).isZero();
            scene.world().runFor(Duration.ofSeconds(11));
            scene.end().expectKernelAsTold();
        });
    }

    /** Traffic goes on over the old one until there is another IKE SA. */
    @Holds("7296-2.8-b")
    @ParameterizedTest
    @EnumSource(names = {"NO_ADDITIONAL_SAS", "NO_PROPOSAL_CHOSEN"})
    void fallbackThatThePeerWillNotRekeyHasTheIkeSaMadeAnew_rfc7296_2_8(NotifyType refusal) {
        Scene.play(ChildLifetime.FOREVER, (request, usual) -> usual, scene -> {
            ChildStatus old = scene.fallback();
            scene.peer()
                    .answering((request, usual) -> request.exchange() == ExchangeType.IKE_SA_INIT
                            ? error(NotifyType.NO_PROPOSAL_CHOSEN)
                            : names(request, old) ? error(refusal) : usual);
            scene.end().gateway().rekey("t");
            scene.world().runFor(Duration.ofMillis(500));
            assertThat(scene.asked(ExchangeType.IKE_SA_INIT)).hasSize(2);
            assertThat(scene.end().children()).contains(old);
            assertThat(scene.wasDeleted(old)).isFalse();
        });
    }

    /** The peer's kernel gives no SPIs for minutes; then another IKE SA is made. */
    @Holds("7296-2.25-d")
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void peerThatIsBusyForMinutesHasTheIkeSaMadeAnew_rfc7296_2_25(long seed) {
        World.play(seed, world -> {
            Tunnels tunnels = Tunnels.pair();
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(1), Cpus.firstOnes(1))
                    .start()
                    .untilWhole();
            BothWays traffic = BothWays.of(pair).start();
            for (int nth = 1; nth <= 100; nth++) {
                pair.right().kernel().faults().failAt("ALLOCSPI", nth, FakeKernel.ENOMEM);
            }
            pair.left().gateway().rekey("t");
            world.runFor(Duration.ofMinutes(3));
            assertThat(ups(pair.left())).isEqualTo(1);
            world.runFor(Duration.ofSeconds(90));
            pair.right().kernel().faults().forget();
            world.runFor(Duration.ofMinutes(2));
            traffic.stop().expectNoLoss();
            assertThat(ups(pair.left())).isEqualTo(2);
            pair.untilSettled();
        });
    }

    private static long ups(End end) {
        return end.gateway().told().stream()
                .filter(event -> event.code().equals("ike-up"))
                .count();
    }
}
