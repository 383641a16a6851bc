package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.Nat;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that begins, and says when it has another address (RFC 4555). */
final class MobikeTest {
    private static final IpAddress FIRST = Natted.OUTSIDE;
    private static final IpAddress SECOND = IpAddress.parse("203.0.113.10");
    private static final Bytes COOKIE = Bytes.hex("0102030405060708");

    /** The right end, and a peer on its left whose address the box in front of it changes. */
    private record Mobile(World world, End right, HandmadePeer peer, Nat box) {
        static Mobile in(World world) {
            return in(world, Tunnels.pair());
        }

        static Mobile in(World world, Tunnels tunnels) {
            tunnels.right().remote(FIRST).queues(QueuePolicy.DEFAULT);
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left()).onNatPort();
            peer.answering(Mobile::withCookie);
            return new Mobile(world, right, peer, world.nat(peer.gateway(), FIRST));
        }

        static List<Payload> withCookie(Payloads request, List<Payload> usual) {
            List<Payload> answer = new ArrayList<>(usual);
            request.notify(NotifyType.COOKIE2).ifPresent(data -> answer.add(says(NotifyType.COOKIE2, data)));
            return answer;
        }

        Mobile up(Payload... more) {
            peer.init();
            peer.auth(more);
            world.runFor(Duration.ofSeconds(2));
            return this;
        }

        /** The peer says where it is, and that is not where it is seen. */
        Mobile upBehindNat() {
            peer.asking(usual -> Stream.concat(
                            usual.stream(), peer.natDetection(new Endpoint(Tunnels.LEFT, 4500)).stream())
                    .toList());
            peer.init();
            peer.asking(usual -> usual);
            peer.auth(says(NotifyType.MOBIKE_SUPPORTED));
            world.runFor(Duration.ofSeconds(2));
            return this;
        }

        Payload[] natDetection(Endpoint source) {
            return peer.natDetection(source).toArray(Payload[]::new);
        }

        /** The next that the box gives away. */
        Endpoint seenAt(IpAddress address) {
            return new Endpoint(address, right.status().remote().port() + 1);
        }

        Optional<Encapsulation> encapsulation() {
            Departure sent = right.kernel().send(new CpuId(0), Packet.udp(Tunnels.host(2), 1, Tunnels.host(1), 7));
            return ((Departure.Encrypted) sent).packet().encapsulation();
        }

        List<Payload> update(Payload... more) {
            List<Payload> payloads = new ArrayList<>(List.of(more));
            payloads.add(0, says(NotifyType.UPDATE_SA_ADDRESSES));
            return peer.ask(ExchangeType.INFORMATIONAL, payloads.toArray(Payload[]::new));
        }

        void expectAt(IpAddress address) {
            assertThat(right.status().remote().address()).isEqualTo(address);
            assertThat(right.kernel().sas())
                    .isNotEmpty()
                    .allSatisfy(sa -> assertThat(remote(sa)).isEqualTo(address));
            assertThat(right.policies(Direction.OUT))
                    .filteredOn(policy -> policy.reqId().equals(policy.reqId().tunnel()))
                    .extracting(PolicySpec::destination)
                    .containsOnly(address);
        }

        private static IpAddress remote(InstalledSa sa) {
            return sa.direction().orElseThrow() == Direction.IN
                    ? sa.source()
                    : sa.id().destination();
        }

        int checks() {
            return cookies().size();
        }

        List<Bytes> cookies() {
            return peer.heard().stream()
                    .flatMap(request -> request.notify(NotifyType.COOKIE2).stream())
                    .toList();
        }
    }

    private static Payload says(NotifyType type) {
        return Payload.Notify.of(type);
    }

    private static Payload says(NotifyType type, Bytes data) {
        return Payload.Notify.of(type, data);
    }

    private static boolean has(List<Payload> payloads, NotifyType type) {
        return payloads.stream()
                .anyMatch(payload -> payload instanceof Payload.Notify one && one.notifyType() == type.code());
    }

    @Holds({"4555-3.2-a", "4555-4.2.1-a", "4555-4.2.1-b"})
    @Test
    void itIsAgreedWhereBothEndsWantIt_rfc4555_3_2() {
        for (boolean ours : new boolean[] {true, false}) {
            for (boolean theirs : new boolean[] {true, false}) {
                World.play(1, world -> {
                    Tunnels tunnels = Tunnels.pair();
                    if (!ours) {
                        tunnels.right().withoutMobike();
                    }
                    Mobile mobile = Mobile.in(world, tunnels);
                    mobile.peer().init();
                    // Whatever it says there.
                    Payload said = says(NotifyType.MOBIKE_SUPPORTED, COOKIE);
                    List<Payload> answer = mobile.peer().auth(theirs ? new Payload[] {said} : new Payload[0]);
                    assertThat(answer.contains(says(NotifyType.MOBIKE_SUPPORTED)))
                            .isEqualTo(ours && theirs);
                    mobile.box().moveTo(SECOND);
                    List<Payload> updated = mobile.update(says(NotifyType.COOKIE2, COOKIE));
                    assertThat(has(updated, NotifyType.COOKIE2)).isEqualTo(ours && theirs);
                    world.runFor(Duration.ofSeconds(1));
                    mobile.expectAt(ours && theirs ? SECOND : FIRST);
                });
            }
        }
    }

    @Holds({"4555-3.7-a", "4555-4.2.5-b", "4555-4.2.5-c"})
    @Test
    void peerThatAnswersAtItsNewAddressTakesAllAlong_rfc4555_3_5() {
        World.play(2, world -> {
            Mobile mobile = Mobile.in(world).up(says(NotifyType.MOBIKE_SUPPORTED));
            List<EspSpis> before = EspSpis.of(mobile.right());
            for (IpAddress address : List.of(SECOND, FIRST, SECOND)) {
                mobile.box().moveTo(address);
                assertThat(mobile.update()).isEmpty();
                world.runFor(Duration.ofSeconds(1));
                mobile.expectAt(address);
            }
            assertThat(mobile.checks()).isEqualTo(3);
            assertThat(mobile.cookies()).doesNotHaveDuplicates().allMatch(cookie -> cookie.size() == 32);
            assertThat(EspSpis.of(mobile.right())).isEqualTo(before);
            assertThat(mobile.right().gateway().hasTold("peer-moved")).isTrue();
        });
    }

    private record EspSpis(Object inbound, Object outbound) {
        static List<EspSpis> of(End end) {
            return end.children().stream()
                    .map(child ->
                            new EspSpis(child.inbound().spi(), child.outbound().spi()))
                    .toList();
        }
    }

    /** Until then the Child SAs stay; a wrong answer is the end of the IKE SA. */
    @Holds({"4555-3.7-b", "4555-3.7-d", "4555-3.7-e"})
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoDoesNotShowThatItHearsUsThereDoesNotGetThem_rfc4555_3_7(boolean silent) {
        World.play(3, world -> {
            Mobile mobile = Mobile.in(world).up(says(NotifyType.MOBIKE_SUPPORTED));
            mobile.peer().answering((request, usual) -> List.of(says(NotifyType.COOKIE2, COOKIE)));
            mobile.box().moveTo(SECOND);
            if (silent) {
                world.network()
                        .censor(parcels -> parcels.stream()
                                .filter(parcel ->
                                        !parcel.destination().address().equals(SECOND))
                                .toList());
                mobile.peer().asked(ExchangeType.INFORMATIONAL, says(NotifyType.UPDATE_SA_ADDRESSES));
            } else {
                mobile.update();
            }
            world.runFor(Duration.ofMillis(200));
            assertThat(mobile.right().kernel().sas())
                    .noneMatch(sa -> Mobile.remote(sa).equals(SECOND));
            if (!silent) {
                assertThat(mobile.right().isUp()).isFalse();
                assertThat(mobile.right().lastError()).contains("does not give COOKIE2 back");
            }
        });
    }

    @Holds("4555-3.8-d")
    @Test
    void testedWaysMoveNothing_rfc4555_3_8() {
        World.play(4, world -> {
            Mobile mobile = Mobile.in(world).upBehindNat();
            mobile.box().moveTo(SECOND);
            assertThat(mobile.peer().ask(ExchangeType.INFORMATIONAL)).isEmpty();
            mobile.box().moveTo(FIRST);
            world.runFor(Duration.ofSeconds(1));
            assertThat(mobile.right().status().remote().address()).isEqualTo(FIRST);
            assertThat(mobile.checks()).isZero();
        });
    }

    @Test
    void espFromBehindANatStillDoes_rfc4555_3_8() {
        World.play(5, world -> {
            Mobile mobile = Mobile.in(world).upBehindNat();
            Endpoint before = mobile.right().status().remote();
            mobile.box().moveTo(SECOND);
            mobile.peer().asked(ExchangeType.INFORMATIONAL);
            world.runFor(Duration.ofMillis(100));
            assertThat(mobile.right().status().remote()).isEqualTo(before);
            mobile.right()
                    .gateway()
                    .hear(new KernelEvent.Mapping(
                            mobile.right().children().get(0).inbound(),
                            ReqId.ofTunnel(2),
                            before,
                            new Endpoint(SECOND, before.port() + 1)));
            world.runFor(Duration.ofSeconds(1));
            mobile.expectAt(SECOND);
        });
    }

    /** A request that is older than one that was taken comes too late. */
    @Test
    void olderUpdateIsAnsweredAndNothingElse_rfc4555_3_5() {
        World.play(6, world -> {
            Mobile mobile = Mobile.in(world);
            mobile.peer().init();
            mobile.peer()
                    .auth(says(NotifyType.MOBIKE_SUPPORTED), says(NotifyType.SET_WINDOW_SIZE, Bytes.hex("00000010")));
            world.runFor(Duration.ofSeconds(2));
            HandmadeSa sa = mobile.peer().sa();
            Bytes older = sa.seal(
                    sa.header(ExchangeType.INFORMATIONAL, false, sa.takeId()),
                    List.of(says(NotifyType.UPDATE_SA_ADDRESSES)));
            mobile.box().moveTo(SECOND);
            mobile.update();
            world.runFor(Duration.ofSeconds(1));
            mobile.expectAt(SECOND);
            mobile.box().moveTo(FIRST);
            mobile.peer().sendRaw(older);
            world.runFor(Duration.ofMillis(200));
            assertThat(mobile.peer().answered()).contains(List.of());
            mobile.expectAt(SECOND);
            mobile.box().moveTo(SECOND);
        });
    }

    private static Bytes addresses(IpAddress source) {
        return new ByteWriter()
                .bytes(source.octets())
                .bytes(Tunnels.RIGHT.octets())
                .u16(4500)
                .u16(4500)
                .toBytes();
    }

    @Holds({"4555-3.7-c", "4555-3.9-b", "4555-3.9-e", "4555-4.2.5-a"})
    @Test
    void changedAddressesAreNoticedWhereTheyMustNotBe_rfc4555_3_9() {
        World.play(7, world -> {
            Mobile mobile = Mobile.in(world).up(says(NotifyType.MOBIKE_SUPPORTED));
            mobile.box().moveTo(SECOND);
            for (NotifyType type : List.of(
                    NotifyType.UPDATE_SA_ADDRESSES,
                    NotifyType.ADDITIONAL_IP4_ADDRESS,
                    NotifyType.ADDITIONAL_IP6_ADDRESS,
                    NotifyType.NO_ADDITIONAL_ADDRESSES)) {
                List<Payload> answer = mobile.peer()
                        .ask(
                                ExchangeType.INFORMATIONAL,
                                says(type),
                                says(NotifyType.COOKIE2, COOKIE),
                                says(NotifyType.NO_NATS_ALLOWED, addresses(SECOND)));
                assertThat(answer)
                        .containsExactly(says(NotifyType.COOKIE2, COOKIE), says(NotifyType.UNEXPECTED_NAT_DETECTED));
            }
            world.runFor(Duration.ofMillis(200));
            assertThat(mobile.checks()).isZero();
            assertThat(mobile.right().status().remote().address()).isEqualTo(FIRST);
            mobile.box().moveTo(FIRST);
        });
    }

    @Test
    void changedAddressesInIkeAuthAreTheEndOfIt_rfc4555_3_9() {
        World.play(8, world -> {
            Mobile mobile = Mobile.in(world);
            mobile.peer().init();
            List<Payload> answer = mobile.peer()
                    .auth(says(NotifyType.MOBIKE_SUPPORTED), says(NotifyType.NO_NATS_ALLOWED, addresses(Tunnels.LEFT)));
            assertThat(answer).containsExactly(says(NotifyType.UNEXPECTED_NAT_DETECTED));
            assertThat(mobile.right().isUp()).isFalse();
        });
    }

    @Holds("4555-3.4-a")
    @Test
    void unchangedAddressesAreWhatTheySay_rfc4555_3_9() {
        World.play(9, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left()).onNatPort();
            peer.init();
            peer.auth(says(NotifyType.MOBIKE_SUPPORTED), says(NotifyType.NO_NATS_ALLOWED, addresses(Tunnels.LEFT)));
            assertThat(right.isUp()).isTrue();
            List<Payload> answer = peer.ask(
                    ExchangeType.INFORMATIONAL,
                    says(NotifyType.UPDATE_SA_ADDRESSES),
                    says(NotifyType.ADDITIONAL_IP4_ADDRESS, SECOND.octets()),
                    says(NotifyType.NO_NATS_ALLOWED, addresses(Tunnels.LEFT)));
            assertThat(answer).isEmpty();
        });
    }

    private static Tunnels transport() {
        Tunnels tunnels = Tunnels.between(
                Tunnels.LEFT,
                Tunnels.RIGHT,
                TrafficSelector.anyPort(FIRST, FIRST),
                TrafficSelector.anyPort(Tunnels.RIGHT, Tunnels.RIGHT));
        return tunnels.both(TunnelDraft::transport);
    }

    /** What transport mode protects are the addresses themselves. */
    @Test
    void addressesThatTheTunnelIsAboutDoNotChange_rfc4555_3_5() {
        World.play(10, world -> {
            Mobile mobile = Mobile.in(world, transport());
            mobile.up(says(NotifyType.MOBIKE_SUPPORTED), says(NotifyType.USE_TRANSPORT_MODE));
            mobile.box().moveTo(SECOND);
            assertThat(mobile.update(says(NotifyType.COOKIE2, COOKIE)))
                    .containsExactly(says(NotifyType.COOKIE2, COOKIE), says(NotifyType.UNACCEPTABLE_ADDRESSES));
            mobile.box().moveTo(FIRST);
        });
    }

    /** UDP comes and goes with the NAT, in both directions of every state. */
    @Holds("4555-3.8-a")
    @Test
    void encapsulationFollowsWhatTheUpdateSaysOfNats_rfc4555_3_5() {
        World.play(11, world -> {
            Mobile mobile = Mobile.in(world).upBehindNat();
            assertThat(mobile.encapsulation()).isPresent();
            mobile.box().moveTo(SECOND);
            List<Payload> answer = mobile.update(mobile.natDetection(mobile.seenAt(SECOND)));
            assertThat(has(answer, NotifyType.NAT_DETECTION_SOURCE_IP)).isTrue();
            assertThat(has(answer, NotifyType.NAT_DETECTION_DESTINATION_IP)).isTrue();
            world.runFor(Duration.ofSeconds(1));
            mobile.expectAt(SECOND);
            assertThat(mobile.encapsulation()).isEmpty();
            mobile.update(mobile.natDetection(new Endpoint(Tunnels.LEFT, 4500)));
            world.runFor(Duration.ofSeconds(1));
            assertThat(mobile.encapsulation())
                    .contains(new Encapsulation(
                            4500, mobile.right().status().remote().port()));
        });
    }

    @Test
    void badCookieIsNotGivenBack_rfc4555_4_2_5() {
        World.play(12, world -> {
            Mobile mobile = Mobile.in(world).up(says(NotifyType.MOBIKE_SUPPORTED));
            for (int size : new int[] {0, 7, 65}) {
                assertThat(mobile.update(says(NotifyType.COOKIE2, Bytes.of(new byte[size]))))
                        .containsExactly(says(NotifyType.INVALID_SYNTAX));
            }
            assertThat(mobile.right().status().state()).isEqualTo(TunnelStatus.State.UP);
        });
    }

    /** Who stays on port 500 in spite of a NAT gets ESP as it is. */
    @Holds("7296-2.23-e")
    @Test
    void espIsNeverEncapsulatedOnIkesPort_rfc7296_2_23() {
        World.play(13, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.asking(usual -> Stream.concat(usual.stream(), peer.natDetection(new Endpoint(SECOND, 500)).stream())
                    .toList());
            peer.init();
            peer.asking(usual -> usual);
            peer.auth();
            world.runFor(Duration.ofSeconds(2));
            Departure sent = right.kernel().send(new CpuId(0), Packet.udp(Tunnels.host(2), 1, Tunnels.host(1), 7));
            assertThat(((Departure.Encrypted) sent).packet().encapsulation()).isEmpty();
        });
    }
}
