package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** A peer whose own wishes for a Child SA cross ours (RFC 7296 §2.8.1, §2.25.1). */
final class RekeyCrossingTest {
    private static final Bytes LOWEST = Bytes.wrap(new byte[32]);
    private static final EspSpi THEIRS = new EspSpi(0xd00d_0001);

    /** Our end with one ordinary SA; what the peer does when asked, before it answers, is set by each story. */
    private static final class Scene {
        private final World world;
        private final HandmadePeer peer;
        private final End end;
        private final TunnelDraft draft;

        private Scene(World world, HandmadePeer peer, End end, TunnelDraft draft) {
            this.world = world;
            this.peer = peer;
            this.end = end;
            this.draft = draft;
        }

        ChildStatus old() {
            return end.children().get(0);
        }

        /** What the peer sends to rekey {@code old}, with the lowest nonce that there is or the highest. */
        Payload[] wish(ChildStatus old, Bytes nonce) {
            return new Payload[] {
                new Payload.Notify(
                        ProtocolId.ESP.code(),
                        old.outbound().spi().toBytes(),
                        NotifyType.REKEY_SA.code(),
                        Bytes.empty()),
                new Payload.SecurityAssociation(EspChoice.offer(
                        EspChoice.withoutKeyExchange(draft.policy().espProposals()), THEIRS)),
                new Payload.Nonce(nonce),
                new Payload.TrafficSelectors(true, List.of(Tunnels.net(2))),
                new Payload.TrafficSelectors(false, List.of(Tunnels.net(1)))
            };
        }

        List<Payload> deletes(EspSpi theirs) {
            return peer.ask(ExchangeType.INFORMATIONAL, delete(theirs));
        }

        /** What our end has asked the peer to delete. */
        List<Bytes> deleted() {
            return peer.heard().stream()
                    .flatMap(Payloads::deletes)
                    .flatMap(delete -> delete.spis().stream())
                    .toList();
        }

        boolean holds(EspSpi spi) {
            return end.kernel().sas().stream()
                    .map(InstalledSa::id)
                    .anyMatch(id -> id.spi().equals(spi));
        }

        /** One SA is left, the kernel has it alone, and the IKE SA lives. */
        void expectOneLeft() {
            world.runFor(Duration.ofSeconds(12));
            assertThat(end.children()).hasSize(1);
            end.expectKernelAsTold();
            assertThat(peer.ask(ExchangeType.INFORMATIONAL)).isEmpty();
        }
    }

    private static void established(Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.count(0, Mode.EAGER, Dialect.RFC9611));
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
            End end = new End(world, "end", Cpus.firstOnes(1), tunnels.left().liveness(Duration.ZERO)).start();
            world.runFor(Duration.ofSeconds(1));
            plot.accept(new Scene(world, peer, end, tunnels.right()));
        });
    }

    private static Payload delete(EspSpi spi) {
        return new Payload.Delete(ProtocolId.ESP.code(), List.of(spi.toBytes()));
    }

    private static EspSpi granted(List<Payload> answer) {
        return EspSpi.of(HandmadePeer.only(answer, Payload.SecurityAssociation.class)
                        .proposals()
                        .get(0)
                        .spi())
                .orElseThrow();
    }

    /** {@code usual}, with another nonce. */
    private static List<Payload> with(Bytes nonce, List<Payload> usual) {
        return usual.stream()
                .map(payload -> payload instanceof Payload.Nonce ? new Payload.Nonce(nonce) : payload)
                .toList();
    }

    @Holds({"7296-2.25.1-b", "7296-2.8.1-c"})
    @Test
    void ourNewSaIsKeptWhereThePeersHasTheLowestNonce_rfc7296_2_8_1() {
        established(scene -> {
            ChildStatus old = scene.old();
            scene.peer.answering((request, usual) -> {
                if (request.exchange() == ExchangeType.CREATE_CHILD_SA) {
                    scene.peer.asked(ExchangeType.CREATE_CHILD_SA, scene.wish(old, LOWEST));
                }
                return usual;
            });
            scene.end.gateway().rekey("t");
            scene.world.runFor(Duration.ofSeconds(1));
            // Theirs is granted all the same; ours has the place of the old one, which we have had deleted.
            EspSpi redundant = granted(scene.peer.answered().orElseThrow());
            assertThat(scene.end.children()).hasSize(2);
            assertThat(scene.deleted()).containsExactly(old.inbound().spi().toBytes());
            assertThat(scene.deletes(THEIRS)).containsExactly(delete(redundant));
            scene.expectOneLeft();
            assertThat(scene.old().outbound().spi()).isNotEqualTo(THEIRS);
        });
    }

    @Holds({"7296-2.25.1-c", "7296-2.8.1-c"})
    @Test
    void ourNewSaIsClosedByUsWhereItHasTheLowestNonce_rfc7296_2_8_1() {
        established(scene -> {
            ChildStatus old = scene.old();
            List<Bytes> ours = new ArrayList<>();
            scene.peer.answering((request, usual) -> {
                if (request.exchange() != ExchangeType.CREATE_CHILD_SA) {
                    return usual;
                }
                ours.add(HandmadePeer.only(request.all(), Payload.SecurityAssociation.class)
                        .proposals()
                        .get(0)
                        .spi());
                byte[] high = new byte[32];
                Arrays.fill(high, (byte) 0xff);
                scene.peer.asked(ExchangeType.CREATE_CHILD_SA, scene.wish(old, Bytes.wrap(high)));
                return with(LOWEST, usual);
            });
            scene.end.gateway().rekey("t");
            scene.world.runFor(Duration.ofSeconds(1));
            assertThat(scene.deleted()).isEqualTo(ours);
            assertThat(scene.end.children()).contains(old).hasSize(2);
            assertThat(scene.deletes(old.outbound().spi()))
                    .containsExactly(delete(old.inbound().spi()));
            scene.expectOneLeft();
            assertThat(scene.old().outbound().spi()).isEqualTo(THEIRS);
            assertThat(scene.old().rekeys()).isEqualTo(1);
        });
    }

    @Holds({"7296-2.25-a", "7296-2.25.1-a"})
    @Test
    void peerThatRekeysWhatWeDeleteIsToldToWait_rfc7296_2_25_1() {
        established(scene -> {
            ChildStatus old = scene.old();
            scene.peer.answering((request, usual) -> {
                if (request.deletes().findAny().isPresent()) {
                    scene.peer.asked(ExchangeType.CREATE_CHILD_SA, scene.wish(old, LOWEST));
                }
                return usual;
            });
            scene.end.gateway().rekey("t");
            scene.world.runFor(Duration.ofSeconds(1));
            assertThat(scene.peer.answered())
                    .isEqualTo(Optional.of(List.of(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE))));
            scene.expectOneLeft();
        });
    }

    /** Its inbound half stays until our own request is answered, and its SPI with it. */
    @Holds({"7296-1.4.1-d", "7296-1.4.1-e", "7296-1.4.1-f", "7296-2.25.1-e"})
    @Test
    void peerThatDeletesWhatWeDeleteIsNotToldOfIt_rfc7296_1_4_1() {
        established(scene -> {
            ChildStatus old = scene.old();
            List<Boolean> held = new ArrayList<>();
            scene.peer.answering((request, usual) -> {
                if (request.deletes().findAny().isPresent()) {
                    scene.peer.asked(
                            ExchangeType.INFORMATIONAL, delete(old.outbound().spi()));
                    held.add(scene.holds(old.inbound().spi()));
                    held.add(scene.holds(old.outbound().spi()));
                }
                return usual;
            });
            scene.end.gateway().rekey("t");
            scene.world.runFor(Duration.ofSeconds(1));
            assertThat(held).containsExactly(true, false);
            assertThat(scene.peer.answered()).isEqualTo(Optional.of(List.of()));
            scene.expectOneLeft();
        });
    }

    /** As a peer does that has not heard of our wish: it is told as usual, and its answer to us ends the matter. */
    @Holds("7296-2.25.1-f")
    @Test
    void peerMayDeleteWhatWeRekey_rfc7296_2_25_1() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            Payload info = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
            peer.answering((request, usual) ->
                    Stream.concat(usual.stream(), Stream.of(info)).toList());
            End end = new End(world, "end", Cpus.firstOnes(1), tunnels.left().liveness(Duration.ZERO)).start();
            world.runFor(Duration.ofSeconds(2));
            ChildStatus old = end.children().get(1);
            List<Payloads> wishes = new ArrayList<>();
            peer.answering((request, usual) -> {
                if (request.notify(NotifyType.REKEY_SA).isEmpty()) {
                    return request.exchange() == ExchangeType.CREATE_CHILD_SA
                            ? Stream.concat(usual.stream(), Stream.of(info)).toList()
                            : usual;
                }
                wishes.add(request);
                if (wishes.size() == 1) {
                    return Stream.concat(usual.stream(), Stream.of(info)).toList();
                }
                peer.asked(ExchangeType.INFORMATIONAL, delete(old.outbound().spi()));
                return List.of(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE));
            });
            end.gateway().rekey("t");
            world.runFor(Duration.ofSeconds(20));
            assertThat(peer.answered())
                    .isEqualTo(Optional.of(List.of(delete(old.inbound().spi()))));
            // It is not asked to rekey what is gone; its CPU has another one.
            assertThat(wishes).hasSize(2);
            assertThat(end.children()).hasSize(2).doesNotContain(old);
            assertThat(end.coversAll()).isTrue();
            end.expectKernelAsTold();
        });
    }

    /** Its answer comes late, or is one that it gives again: what it grants is no more. */
    @Test
    void saThatThePeerDeletesBeforeItsAnswerComesIsNotMade_rfc7296_2_25() {
        established(scene -> {
            ChildStatus old = scene.old();
            List<Payload> answers = new ArrayList<>();
            scene.peer.answering((request, usual) -> {
                if (request.has(NotifyType.REKEY_SA) && answers.isEmpty()) {
                    answers.addAll(usual);
                    scene.peer.asked(ExchangeType.INFORMATIONAL, delete(granted(usual)));
                }
                return usual;
            });
            scene.end.gateway().rekey("t");
            scene.world.runFor(Duration.ofMillis(500));
            assertThat(scene.peer.answered()).isEqualTo(Optional.of(List.of()));
            assertThat(scene.end.children()).containsExactly(old);
            assertThat(scene.holds(granted(answers))).isFalse();
            // It is asked for again a little later.
            scene.expectOneLeft();
            assertThat(scene.old()).isNotEqualTo(old);
        });
    }

    @Test
    void saOfASetThatThePeerDeletesBeforeItsAnswerComesIsNotMade_rfc7296_2_25() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            Payload info = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
            List<Payloads> wishes = new ArrayList<>();
            peer.answering((request, usual) -> {
                if (request.exchange() == ExchangeType.CREATE_CHILD_SA) {
                    wishes.add(request);
                    if (wishes.size() == 1) {
                        peer.asked(ExchangeType.INFORMATIONAL, delete(granted(usual)));
                    }
                }
                return request.exchange() == ExchangeType.INFORMATIONAL
                        ? usual
                        : Stream.concat(usual.stream(), Stream.of(info)).toList();
            });
            End end = new End(world, "end", Cpus.firstOnes(1), tunnels.left().liveness(Duration.ZERO)).start();
            world.runFor(Duration.ofSeconds(2));
            assertThat(wishes).hasSize(1);
            assertThat(end.perCpu()).isZero();
            end.expectKernelAsTold();
            world.runFor(Duration.ofMinutes(1));
            assertThat(end.perCpu()).isEqualTo(1);
            end.expectKernelAsTold();
        });
    }
}
