package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Arrival;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.EspPacket;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that rekeys the Child SAs, those that we asked for too. */
final class PeerRekeyTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
    private static final int CPUS = 2;

    /** What a set of this end may hold, successors counted: the fallback and two per CPU, twice. */
    private static final int MOST = 2 * (1 + 2 * CPUS);

    /** Our end with a fallback and an SA for each CPU; {@code kernel} is the peer's, and has only what replaced them. */
    private record Scene(World world, HandmadePeer peer, End end, IpAddress peerAddress, FakeKernel kernel) {
        private static final ReqId THEIRS = ReqId.ofTunnel(7);

        EspSpi spi() {
            try {
                return kernel.allocateSpi(end.gateway().address(), peerAddress, THEIRS);
            } catch (KernelException impossible) {
                throw new AssertionError(impossible);
            }
        }

        /** The answer to the peer's wish to rekey {@code old}. */
        List<Payload> asksToRekey(ChildStatus old) {
            return peer.rekey(old.outbound().spi(), spi());
        }

        /** The peer rekeys {@code old}, and puts its end of the successor into its kernel; how our end tells of that. */
        ChildStatus rekeyed(ChildStatus old) {
            EspSpi fresh = spi();
            HandmadePeer.Made made = peer.made(peer.rekey(old.outbound().spi(), fresh));
            install(made, fresh, old.cpu());
            List<ChildStatus> successors = end.children().stream()
                    .filter(child -> child.outbound().spi().equals(fresh))
                    .toList();
            assertThat(successors).hasSize(1);
            assertThat(successors.get(0).inbound().spi()).isEqualTo(made.remoteSpi());
            return successors.get(0);
        }

        /** Whoever begins an exchange sends with the first keys, whichever end began the IKE SA (RFC 7296 §2.17). */
        private void install(HandmadePeer.Made made, EspSpi fresh, Optional<CpuId> cpu) {
            IpAddress ours = end.gateway().address();
            try (var keys = made.keys()) {
                kernel.install(new SaSpec(
                        Direction.IN,
                        ours,
                        new SaId(peerAddress, fresh),
                        THEIRS,
                        cpu,
                        made.suite(),
                        keys.responderToInitiator(),
                        Optional.empty(),
                        64,
                        0));
                kernel.install(new SaSpec(
                        Direction.OUT,
                        peerAddress,
                        new SaId(ours, made.remoteSpi()),
                        THEIRS,
                        cpu,
                        made.suite(),
                        keys.initiatorToResponder(),
                        Optional.empty(),
                        0,
                        0));
            } catch (KernelException impossible) {
                throw new AssertionError(impossible);
            }
        }

        /** The answer to the peer's DELETE of {@code child}. */
        List<Payload> deletes(ChildStatus child) {
            return peer.ask(
                    ExchangeType.INFORMATIONAL,
                    new Payload.Delete(
                            ProtocolId.ESP.code(),
                            List.of(child.outbound().spi().toBytes())));
        }

        /** The peer's policies: ours, seen from there. */
        void mirrorPolicies() {
            try {
                for (PolicySpec policy : end.kernel().policies()) {
                    for (Direction direction : mirrored(policy.id().direction())) {
                        kernel.setPolicy(new PolicySpec(
                                new PolicyId(direction, policy.id().selector()),
                                THEIRS,
                                policy.source(),
                                policy.destination(),
                                policy.priority(),
                                false));
                    }
                }
            } catch (KernelException impossible) {
                throw new AssertionError(impossible);
            }
        }

        private static List<Direction> mirrored(Direction direction) {
            return switch (direction) {
                case OUT -> List.of(Direction.IN, Direction.FORWARD);
                case IN -> List.of(Direction.OUT);
                case FORWARD -> List.of();
            };
        }

        /** A packet of {@code cpu} each way; they pass. */
        void expectPassage(CpuId cpu) {
            boolean left = end.gateway().address().equals(Tunnels.LEFT);
            IpAddress ourHost = Tunnels.host(left ? 1 : 2);
            IpAddress theirHost = Tunnels.host(left ? 2 : 1);
            Packet there = Packet.udp(ourHost, 4000, theirHost, 7);
            Packet back = Packet.udp(theirHost, 7, ourHost, 4000);
            assertThat(kernel.receive(encrypted(end.kernel().send(cpu, there)))).isEqualTo(new Arrival.Accepted(there));
            assertThat(end.kernel().receive(encrypted(kernel.send(cpu, back)))).isEqualTo(new Arrival.Accepted(back));
        }

        private static EspPacket encrypted(Departure departure) {
            assertThat(departure).isInstanceOf(Departure.Encrypted.class);
            return ((Departure.Encrypted) departure).packet();
        }

        /** Nothing but what the status tells of is in our kernel, and the IKE SA lives. */
        void expectInOrder() {
            assertThat(end.isUp()).isTrue();
            assertThat(peer.ask(ExchangeType.INFORMATIONAL)).isEmpty();
            world.runFor(Duration.ofSeconds(2));
            end.expectKernelAsTold();
        }

        long askedOfThePeer() {
            return peer.heard().stream()
                    .filter(request -> request.exchange() == ExchangeType.CREATE_CHILD_SA)
                    .count();
        }
    }

    /** @param role ours in the IKE SA */
    private static void established(Role role, Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            boolean weBegin = role == Role.INITIATOR;
            TunnelDraft ours = weBegin ? tunnels.left() : tunnels.right();
            TunnelDraft theirs = weBegin ? tunnels.right() : tunnels.left();
            HandmadePeer peer = HandmadePeer.started(world, theirs).answering(PeerRekeyTest::withInfo);
            End end = new End(world, "end", Cpus.firstOnes(CPUS), ours)
                    .tune(Tuning.inboundGrace(Duration.ZERO))
                    .start();
            if (!weBegin) {
                peer.init();
                peer.auth(RESOURCE_INFO);
                // Our end makes what is missing: one SA is theirs, one ours.
                peer.createChild(RESOURCE_INFO);
            }
            world.runFor(Duration.ofSeconds(4));
            FakeKernel kernel = new FakeKernel(77, world.clock(), CPUS);
            Scene scene = new Scene(world, peer, end, theirs.local(), kernel);
            assertThat(end.children()).hasSize(1 + CPUS);
            assertThat(end.children().get(0).kind()).isEqualTo(ChildKind.FALLBACK);
            assertThat(end.children().get(0).ours()).isEqualTo(weBegin);
            scene.mirrorPolicies();
            plot.accept(scene);
        });
    }

    private static List<Payload> withInfo(Payloads request, List<Payload> usual) {
        return request.exchange() == ExchangeType.IKE_AUTH || request.exchange() == ExchangeType.CREATE_CHILD_SA
                ? Stream.concat(usual.stream(), Stream.of(RESOURCE_INFO)).toList()
                : usual;
    }

    private static Payload notFound(Bytes spi) {
        return new Payload.Notify(ProtocolId.ESP.code(), spi, NotifyType.CHILD_SA_NOT_FOUND.code(), Bytes.empty());
    }

    /** The fallback carries the packets of CPUs without an SA of their own, so those are taken away first. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void rekeyedFallbackHasTheKeysOfWhoBeganTheExchangeNotTheIkeSa_rfc7296_2_17(Role role) {
        established(role, scene -> {
            List<ChildStatus> old = scene.end().children();
            ChildStatus fresh = scene.rekeyed(old.get(0));
            old.forEach(scene::deletes);
            assertThat(scene.end().children()).containsExactly(fresh);
            scene.end().expectKernelAsTold();
            assertThat(scene.kernel().understands(scene.end().kernel())).isTrue();
            scene.expectPassage(new CpuId(0));
            scene.expectPassage(new CpuId(1));
        });
    }

    @Holds("7296-2.17-a")
    @ParameterizedTest
    @EnumSource(Role.class)
    void rekeyedSetHasTheKeysOfWhoBeganTheExchangeNotTheIkeSa_rfc7296_2_17(Role role) {
        established(role, scene -> {
            for (ChildStatus old : scene.end().children()) {
                scene.rekeyed(old);
                scene.deletes(old);
            }
            scene.expectInOrder();
            assertThat(scene.kernel().understands(scene.end().kernel())).isTrue();
            for (CpuId cpu : scene.end().gateway().cpus().online()) {
                scene.expectPassage(cpu);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void successorIsOfTheSameKindAndCpu_rfc9611_4(Role role) {
        established(role, scene -> {
            for (ChildStatus old : scene.end().children()) {
                ChildStatus fresh = scene.rekeyed(old);
                assertThat(fresh.kind()).isEqualTo(old.kind());
                assertThat(fresh.cpu()).isEqualTo(old.cpu());
                assertThat(fresh.suite()).isEqualTo(old.suite());
                assertThat(fresh.inbound()).isNotEqualTo(old.inbound());
            }
            scene.expectInOrder();
        });
    }

    @Holds("7296-2.8-e")
    @ParameterizedTest
    @EnumSource(Role.class)
    void rekeyedSaStaysUntilThePeerDeletesIt_rfc7296_2_8(Role role) {
        established(role, scene -> {
            List<ChildStatus> first = scene.end().children();
            long asked = scene.askedOfThePeer();
            List<ChildStatus> successors = new ArrayList<>();
            first.forEach(old -> successors.add(scene.rekeyed(old)));
            scene.world().runFor(Duration.ofSeconds(20));
            assertThat(scene.end().children()).containsAll(first).containsAll(successors);
            scene.expectInOrder();
            for (ChildStatus old : first) {
                assertThat(scene.deletes(old))
                        .containsExactly(new Payload.Delete(
                                ProtocolId.ESP.code(),
                                List.of(old.inbound().spi().toBytes())));
                assertThat(scene.end().children()).doesNotContain(old);
                scene.end().expectKernelAsTold();
            }
            // Every CPU has its SA still: nothing is made in place of those that went.
            scene.world().runFor(Duration.ofSeconds(20));
            assertThat(scene.end().children()).containsExactlyElementsOf(successors);
            assertThat(scene.askedOfThePeer()).isEqualTo(asked);
            scene.expectInOrder();
        });
    }

    /** Our answer can be lost as often as it may: that the peer asks no more says nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weSendOnTheOldSaUntilThePeerUsesTheNewOneOrDeletesTheOldOne_rfc7296_2_8(boolean uses) {
        established(Role.INITIATOR, scene -> {
            CpuId cpu = new CpuId(1);
            Packet packet = Packet.udp(Tunnels.host(1), 4000, Tunnels.host(2), 7);
            ChildStatus old = scene.end().children().get(2);
            ChildStatus fresh = scene.rekeyed(old);
            scene.world().runFor(Duration.ofMinutes(2));
            assertThat(scene.end().kernel().outbound(cpu, packet)).contains(old.outbound());
            if (uses) {
                Packet back = Packet.udp(Tunnels.host(2), 7, Tunnels.host(1), 4000);
                scene.end().kernel().receive(Scene.encrypted(scene.kernel().send(cpu, back)));
                scene.world().runFor(Duration.ofMillis(200));
            } else {
                scene.deletes(old);
            }
            assertThat(scene.end().kernel().outbound(cpu, packet)).contains(fresh.outbound());
        });
    }

    @Holds({"7296-2.25-e", "7296-2.25.1-d", "7296-3.10-a"})
    @ParameterizedTest
    @EnumSource(Role.class)
    void rekeyOfWhatIsNotThereIsAnsweredWithItsName_rfc7296_2_25(Role role) {
        established(role, scene -> {
            List<ChildStatus> before = scene.end().children();
            EspSpi unknown = new EspSpi(0xdeadbeef);
            assertThat(scene.peer().rekey(unknown, scene.spi())).containsExactly(notFound(unknown.toBytes()));
            // SPIs are the asking end's: ours names nothing.
            EspSpi inbound = before.get(0).inbound().spi();
            assertThat(scene.peer().rekey(inbound, scene.spi())).containsExactly(notFound(inbound.toBytes()));
            assertThat(scene.end().children()).isEqualTo(before);
            ChildStatus deleted = before.get(1);
            scene.rekeyed(deleted);
            scene.deletes(deleted);
            assertThat(scene.asksToRekey(deleted))
                    .containsExactly(notFound(deleted.outbound().spi().toBytes()));
            scene.expectInOrder();
        });
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void peerThatRekeysOnAndOnAndDeletesNothingIsStopped_rfc7296_2_25(Role role) {
        established(role, scene -> {
            for (ChildStatus old : List.copyOf(scene.end().children().subList(0, 2))) {
                while (scene.end().children().size() < MOST) {
                    scene.rekeyed(old);
                }
                for (int i = 0; i < 20; i++) {
                    assertThat(scene.asksToRekey(old)).containsExactly(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE));
                }
                assertThat(scene.end().children()).hasSize(MOST);
                scene.expectInOrder();
                // Once it has deleted some, it may go on.
                scene.deletes(scene.end().children().get(MOST - 1));
                scene.rekeyed(old);
                assertThat(scene.end().children()).hasSize(MOST);
                scene.end().children().stream()
                        .filter(child -> child.cpu().equals(old.cpu()) && !child.equals(old))
                        .forEach(scene::deletes);
                assertThat(scene.end().children()).hasSize(1 + CPUS);
                scene.expectInOrder();
            }
        });
    }
}
