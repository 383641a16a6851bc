package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.EncodedPayloads;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several requests of one end under way at once, as far as the other end takes them (RFC 7296 §2.3). */
final class WindowTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
    private static final Payload FRAGMENTS = Payload.Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED);
    private static final Payload LONG = new Payload.VendorId(Bytes.of(new byte[1_000]));

    /** The first after IKE_AUTH. */
    private static final int FIRST = 2;

    private static Payload window(String octets) {
        return Payload.Notify.of(NotifyType.SET_WINDOW_SIZE, Bytes.hex(octets));
    }

    /** A peer that began, and has said that it takes several requests; our end takes five. */
    private record Scene(World world, HandmadePeer peer, End end, Wiretap wiretap) {
        /** What our end answers when {@code datagrams} come, in the time of a few round trips. */
        List<Bytes> answers(List<Bytes> datagrams) {
            wiretap.forget();
            datagrams.forEach(peer::sendRaw);
            world.runFor(Duration.ofMillis(200));
            return wiretap.from(Tunnels.RIGHT)
                    .filter(message -> message.header().response())
                    .map(Wiretap.Heard::octets)
                    .toList();
        }

        List<Bytes> answers(Bytes datagram) {
            return answers(List.of(datagram));
        }

        Bytes empty(int messageId) {
            return peer.sealed(ExchangeType.INFORMATIONAL, messageId, 0, Bytes.empty());
        }
    }

    private static void established(Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right())
                    .tune(Tuning.windowSize(5))
                    .start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init(FRAGMENTS);
            assertThat(peer.auth(window("00000003"))).contains(window("00000005"));
            plot.accept(new Scene(world, peer, right, Wiretap.in(world)));
        });
    }

    @Holds({"7296-2.3-a", "7296-2.3-g"})
    @Test
    void requestsOfTheWindowAreTakenInAnyOrderOnceAndTheirAnswersKept_rfc7296_2_3() {
        established(scene -> {
            List<Bytes> requests = new ArrayList<>(
                    IntStream.range(FIRST, FIRST + 5).mapToObj(scene::empty).toList());
            Collections.shuffle(requests, new Random(1));
            List<Bytes> answers = requests.stream()
                    .flatMap(one -> scene.answers(one).stream())
                    .toList();
            assertThat(answers).hasSize(5).doesNotHaveDuplicates();
            for (int again = 0; again < 2; again++) {
                assertThat(scene.answers(requests)).isEqualTo(answers);
                Collections.rotate(requests, 2);
                answers = scene.answers(requests);
            }
        });
    }

    @Holds({"7296-2.3-g", "7296-2.3-i"})
    @Test
    void requestBeyondTheWindowIsNotTakenAndOneBeforeItForgotten_rfc7296_2_3() {
        established(scene -> {
            // As long as the first is missing, four more may come.
            assertThat(scene.answers(scene.empty(FIRST + 5))).isEmpty();
            for (int id = FIRST + 4; id > FIRST; id--) {
                assertThat(scene.answers(scene.empty(id))).hasSize(1);
            }
            assertThat(scene.answers(scene.empty(FIRST + 5))).isEmpty();
            Bytes first = scene.empty(FIRST);
            List<Bytes> answer = scene.answers(first);
            assertThat(answer).hasSize(1);
            assertThat(scene.answers(first)).isEqualTo(answer);
            assertThat(scene.answers(scene.empty(FIRST + 5))).hasSize(1);
            assertThat(scene.answers(first)).isEmpty();
        });
    }

    @Test
    void fragmentsOfSeveralRequestsAtOnceArePutTogether_rfc7383_2_6() {
        established(scene -> {
            List<List<Bytes>> requests = IntStream.range(FIRST, FIRST + 5)
                    .mapToObj(id -> scene.peer().cut(ExchangeType.INFORMATIONAL, id, 300, LONG))
                    .toList();
            List<Bytes> all =
                    new ArrayList<>(requests.stream().flatMap(List::stream).toList());
            Collections.shuffle(all, new Random(1));
            Bytes last = all.remove(all.size() - 1);
            assertThat(scene.answers(all)).hasSize(4);
            assertThat(scene.answers(last)).hasSize(1);
        });
    }

    /** The answer to the delete may be lost, too. */
    @Test
    void deleteOfTheIkeSaThatOvertakesOthersIsAnsweredAgainWhenAllIsOver() {
        established(scene -> {
            EncodedPayloads delete =
                    MessageCodec.encodePayloads(List.of(new Payload.Delete(ProtocolId.IKE.code(), List.of())));
            Bytes farewell = scene.peer()
                    .sealed(ExchangeType.INFORMATIONAL, FIRST + 1, delete.firstPayloadType(), delete.octets());
            List<Bytes> answer = scene.answers(farewell);
            assertThat(answer).hasSize(1);
            assertThat(scene.end().kernel().sas()).isEmpty();
            assertThat(scene.answers(scene.empty(FIRST))).noneMatch(answer::contains);
            assertThat(scene.answers(farewell)).isEqualTo(answer);
        });
    }

    /** A peer that our end asks, {@code said} in its answer to IKE_AUTH; how many were under way at once. */
    private static int underWay(int cpus, Payload... said) {
        int[] most = {0};
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right())
                    .answering((request, usual) -> Stream.of(
                                    usual.stream(),
                                    Stream.of(RESOURCE_INFO)
                                            .filter(one -> request.exchange() != ExchangeType.IKE_SA_INIT),
                                    Stream.of(said).filter(one -> request.exchange() == ExchangeType.IKE_AUTH))
                            .flatMap(part -> part)
                            .toList());
            End left = new End(world, "left", Cpus.firstOnes(cpus), tunnels.left()).start();
            Wiretap wiretap = Wiretap.in(world)
                    .losing(message -> message.header().response()
                            && message.header().messageId() > 1
                            && message.at().nanos() < Duration.ofSeconds(20).toNanos());
            world.runFor(Duration.ofSeconds(19));
            Set<Integer> asked = new TreeSet<>();
            wiretap.from(Tunnels.LEFT)
                    .filter(message -> message.is(ExchangeType.CREATE_CHILD_SA, false))
                    .forEach(message -> asked.add(message.header().messageId()));
            most[0] = asked.size();
            world.runFor(Duration.ofSeconds(40));
            assertThat(left.perCpu()).isEqualTo(cpus);
            assertThat(peer.heard()).isNotEmpty();
        });
        return most[0];
    }

    @Holds({"7296-2.3-b", "7296-2.3-d", "7296-2.3-e"})
    @ParameterizedTest
    @CsvSource({"00000001, 1", "00000003, 3", "00000010, 16", "00000011, 16", "ffffffff, 16", "80000000, 16"})
    void noMoreRequestsAreUnderWayThanBothEndsTake_rfc7296_2_3(String said, int expected) {
        assertThat(underWay(20, window(said))).isEqualTo(expected);
    }

    /** Nothing, no number at all, and nonsense. */
    @Test
    void oneIsUnderWayWhereThePeerDoesNotSayMore_rfc7296_2_3() {
        assertThat(underWay(3)).isEqualTo(1);
        for (String said : new String[] {"", "00000000", "000003", "0000000300", "03"}) {
            assertThat(underWay(3, window(said))).as(said).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sizeIsOfferedAlwaysAndAnsweredWhereItIsOffered(boolean offered) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            List<Payload> answer = peer.auth(offered ? window("00000010") : RESOURCE_INFO);
            assertThat(answer.contains(window("00000010"))).isEqualTo(offered);
        });
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left());
            left.tune(Tuning.windowSize(offered ? 7 : 1)).start();
            world.runFor(Duration.ofSeconds(1));
            assertThat(peer.heard().get(1).all().contains(window("00000007"))).isEqualTo(offered);
            assertThat(peer.heard().get(1).has(NotifyType.SET_WINDOW_SIZE)).isEqualTo(offered);
        });
    }

    /** It can be enlarged at any time, and not made smaller. */
    @Test
    void sizeMayBeSaidLater_rfc7296_2_3() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            new End(world, "right", Cpus.firstOnes(5), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            peer.auth(RESOURCE_INFO, window("00000002"));
            peer.ask(ExchangeType.INFORMATIONAL, window("00000004"));
            peer.ask(ExchangeType.INFORMATIONAL, window("00000001"));
            Wiretap wiretap = Wiretap.in(world).losing(message -> message.isFrom(Tunnels.LEFT));
            // The set does not grow any more: our end makes what it lacks.
            world.runFor(Duration.ofSeconds(10));
            assertThat(wiretap.from(Tunnels.RIGHT)
                            .filter(message -> message.is(ExchangeType.CREATE_CHILD_SA, false))
                            .map(message -> message.header().messageId())
                            .distinct())
                    .hasSize(4);
        });
    }
}
