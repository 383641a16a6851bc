package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The NAT in front of the peer gives it another port or address. */
final class NatMoveTest {
    private static final IpAddress ELSEWHERE = IpAddress.parse("203.0.113.10");
    private static final Endpoint FIRST = new Endpoint(Natted.OUTSIDE, 40_001);

    private static void remap(Natted natted, boolean otherAddress) {
        if (otherAddress) {
            natted.nat().moveTo(ELSEWHERE);
        } else {
            natted.nat().forget();
        }
    }

    /** All that {@code end}'s kernel has leads to where the peer is, and nothing is left of where it was. */
    private static void expectAllAt(End end, Endpoint peer) {
        assertThat(end.status().remote()).isEqualTo(peer);
        assertThat(end.kernel().sas())
                .allSatisfy(sa -> assertThat(
                                sa.direction().orElseThrow() == Direction.IN
                                        ? sa.source()
                                        : sa.id().destination())
                        .isEqualTo(peer.address()));
        assertThat(end.kernel().sas()).hasSize(2 * end.children().size());
    }

    /** What the NAT forgot is lost until the end behind it sends again; the peer's answer to our question is the rest. */
    @Holds({"7296-2.23-o", "7296-2.23-p", "7296-2.23-q"})
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wholeSetFollowsUnderTrafficAfterOneQuestion_rfc7296_2_23(boolean otherAddress) {
        World.play(1, world -> {
            Natted natted = Natted.in(world);
            Pair pair = natted.pair().start().untilWhole();
            assertThat(pair.right().status().remote()).isEqualTo(FIRST);
            Wiretap wiretap = Wiretap.in(world);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(2));
            traffic.expectNoLoss();
            remap(natted, otherAddress);
            world.runFor(Duration.ofSeconds(2));
            // From the first packet out (at once) 10 ms to us, 20 ms for question and answer, 10 ms for what had left.
            assertThat(traffic.losses()).isNotEmpty().allMatch(loss -> loss.contains("of right: no"));
            assertThat(traffic.losses()).hasSizeLessThan(16);
            traffic.countAnew();
            world.runFor(Duration.ofSeconds(5));
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(wiretap.from(Tunnels.RIGHT).filter(message -> message.is(ExchangeType.INFORMATIONAL, false)))
                    .as("one question, on both ways")
                    .hasSize(2);
            expectAllAt(pair.right(), new Endpoint(otherAddress ? ELSEWHERE : Natted.OUTSIDE, 40_002));
            assertThat(pair.right().gateway().hasTold("peer-moved")).isTrue();
            pair.expectAgreement();
        });
    }

    @Holds({"7296-2.23-o", "7296-2.23-p"})
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messageOfThePeersMovesTheWholeSet_rfc7296_2_23(boolean otherAddress) {
        World.play(2, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().liveness(Duration.ZERO);
            Natted natted = Natted.in(world, tunnels);
            Pair pair = natted.pair().start().untilWhole();
            remap(natted, otherAddress);
            pair.left().gateway().rekey("t");
            world.runFor(Duration.ofSeconds(30));
            BothWays.of(pair).once().expectOwnSas();
            expectAllAt(pair.right(), new Endpoint(otherAddress ? ELSEWHERE : Natted.OUTSIDE, 40_002));
            pair.expectAgreement();
        });
    }

    /** Whoever has heard a message can send it again from anywhere: what is not new moves nothing. */
    @Test
    void repeatedMessageFromElsewhereMovesNothing() {
        World.play(3, world -> {
            Pair pair = Natted.in(world).pair().start();
            Wiretap wiretap = Wiretap.in(world);
            pair.untilWhole();
            List<Wiretap.Heard> ours = wiretap.from(Tunnels.LEFT).toList();
            for (Wiretap.Heard message : ours) {
                world.network()
                        .inject(
                                pair.right().gateway(),
                                Parcel.ike(
                                        new Endpoint(ELSEWHERE, 4711),
                                        new Endpoint(Tunnels.RIGHT, 4500),
                                        message.octets(),
                                        true));
            }
            world.runFor(Duration.ofSeconds(5));
            expectAllAt(pair.right(), FIRST);
            assertThat(pair.right().gateway().hasTold("peer-moved")).isFalse();
        });
    }

    /** Whoever stands in the way could lead it astray. */
    @Holds("7296-2.23-r")
    @Test
    void endBehindTheNatDoesNotFollow_rfc7296_2_23() {
        World.play(4, world -> {
            Tunnels tunnels = Tunnels.pair();
            // So that the other looks as if it were behind one, too.
            tunnels.right().forceEncapsulation();
            Pair pair = Natted.in(world, tunnels).pair().start().untilWhole();
            Endpoint peer = pair.left().status().remote();
            world.network()
                    .censor(parcels -> parcels.stream()
                            .map(parcel -> parcel.source().address().equals(Tunnels.RIGHT)
                                    ? new Parcel(
                                            new Endpoint(Tunnels.RIGHT, 4999), parcel.destination(), parcel.cargo())
                                    : parcel)
                            .toList());
            pair.left().gateway().rekey("t");
            world.runFor(Duration.ofSeconds(30));
            assertThat(pair.left().status().remote()).isEqualTo(peer);
            assertThat(pair.left().gateway().hasTold("peer-moved")).isFalse();
            BothWays.of(pair).once();
        });
    }

    /** Some send each SA from a port of its own, where nobody listens. */
    @Test
    void rumourThatNobodyConfirmsMovesNothing() {
        World.play(5, world -> {
            Pair pair = Natted.in(world).pair().start().untilWhole();
            Wiretap wiretap = Wiretap.in(world);
            End right = pair.right();
            for (int i = 0; i < 100; i++) {
                Endpoint own = new Endpoint(Natted.OUTSIDE, 50_000 + i);
                right.gateway()
                        .hear(new KernelEvent.Mapping(
                                right.children().get(i % 5).inbound(), ReqId.ofTunnel(2), FIRST, own));
            }
            world.runFor(Duration.ofMillis(500));
            expectAllAt(right, FIRST);
            assertThat(wiretap.from(Tunnels.RIGHT)).hasSize(2);
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void whatTheKernelWillNotMoveIsMadeAnew(int nth) {
        World.play(6, world -> {
            Natted natted = Natted.in(world);
            Pair pair = natted.pair().start().untilWhole();
            pair.right().kernel().faults().failAt("MOVE", nth, FakeKernel.ENOMEM);
            remap(natted, false);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(30));
            traffic.stop();
            assertThat(pair.right().kernel().faults().allHappened()).isTrue();
            pair.untilSettled();
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    /** New Child SAs, rekeys and deletes are of where the peer is now. */
    @Test
    void afterAMoveAllGoesOnThere() {
        World.play(7, world -> {
            Natted natted = Natted.in(world);
            Pair pair = natted.pair().start().untilWhole();
            remap(natted, true);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(2));
            traffic.countAnew();
            pair.right().gateway().rekey("t");
            world.runFor(Duration.ofSeconds(30));
            traffic.stop().expectNoLoss().expectOwnSas();
            pair.expectAgreement();
            expectAllAt(pair.right(), new Endpoint(ELSEWHERE, 40_002));
            pair.right().gateway().stop(false);
            world.runFor(Duration.ofSeconds(1));
            assertThat(pair.left().kernel().sas()).isEmpty();
        });
    }
}
