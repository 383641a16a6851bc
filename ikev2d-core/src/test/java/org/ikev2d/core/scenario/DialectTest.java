package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** The notifies of both dialects, octet by octet, and what a peer may say that ours does not. */
final class DialectTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
    private static final Payload QUEUE_INFO = privateUse(QueuePolicy.DEFAULT_QUEUE_INFO_TYPE, "");

    private static Payload.Notify privateUse(int type, String data) {
        return new Payload.Notify(0, Bytes.empty(), type, Bytes.hex(data));
    }

    private static Payload numQueues(String data) {
        return privateUse(QueuePolicy.DEFAULT_NUM_QUEUES_TYPE, data);
    }

    private static List<Payload> notifies(List<Payload> payloads) {
        return payloads.stream().filter(Payload.Notify.class::isInstance).toList();
    }

    /** A peer that begins, and a right end with four CPUs. */
    private static void asked(Mode mode, Dialect own, Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().queues(Queues.of(mode, own));
            End right = new End(world, "right", Cpus.firstOnes(4), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            plot.accept(new Scene(world, peer, right));
        });
    }

    private record Scene(World world, HandmadePeer peer, End end) {}

    @Test
    void requestWithBothDialectsIsAnsweredInRfc9611Only() {
        for (Dialect own : Dialect.values()) {
            asked(Mode.ON_DEMAND, own, scene -> {
                List<Payload> answer = scene.peer().auth(numQueues("00040008"), RESOURCE_INFO);
                assertThat(notifies(answer)).containsExactly(RESOURCE_INFO);
                assertThat(notifies(scene.peer().createChild(RESOURCE_INFO))).containsExactly(RESOURCE_INFO);
                assertThat(scene.end().perCpu()).isEqualTo(1);
            });
        }
    }

    @Test
    void responderSpeaksTheDialectOfTheRequest() {
        for (Dialect own : Dialect.values()) {
            asked(Mode.ON_DEMAND, own, scene -> {
                // Four CPUs here, and twice as many at most: preferred 4, maximum 8.
                assertThat(notifies(scene.peer().auth(numQueues("00100020")))).containsExactly(numQueues("00040008"));
                assertThat(notifies(scene.peer().createChild(QUEUE_INFO))).containsExactly(QUEUE_INFO);
            });
            asked(
                    Mode.ON_DEMAND,
                    own,
                    scene -> assertThat(notifies(scene.peer().auth(RESOURCE_INFO)))
                            .containsExactly(RESOURCE_INFO));
        }
    }

    @Holds({"9611-3-c", "9611-5.1-c", "9611-5.1-e", "9611-7-d"})
    @Test
    void identifiersOfAnyLengthAreTakenAndNotRevealed_rfc9611_5_1() {
        asked(Mode.ON_DEMAND, Dialect.RFC9611, scene -> {
            Payload four = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO, Bytes.hex("00000003"));
            Payload many = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO, Bytes.of(new byte[500]));
            assertThat(notifies(scene.peer().auth(four))).containsExactly(RESOURCE_INFO);
            assertThat(notifies(scene.peer().createChild(many))).containsExactly(RESOURCE_INFO);
            // Protocol ID and SPI are ignored (RFC 9611 §5.1).
            Payload odd =
                    new Payload.Notify(3, Bytes.hex("01020304"), NotifyType.SA_RESOURCE_INFO.code(), Bytes.empty());
            assertThat(notifies(scene.peer().createChild(odd))).containsExactly(RESOURCE_INFO);
            assertThat(scene.end().perCpu()).isEqualTo(2);
        });
    }

    /** The agreed number is what both want, up to what both take; 0 is read as 1. */
    private static void agrees(String offered, int granted) {
        asked(Mode.ON_DEMAND, Dialect.DRAFT_2020, scene -> {
            scene.peer().auth(numQueues(offered));
            for (int i = 0; i < granted; i++) {
                assertThat(notifies(scene.peer().createChild(QUEUE_INFO))).containsExactly(QUEUE_INFO);
            }
            assertThat(scene.peer().createChild(QUEUE_INFO))
                    .containsExactly(Payload.Notify.of(NotifyType.TS_UNACCEPTABLE));
            assertThat(scene.end().perCpu()).isEqualTo(granted);
        });
    }

    @Test
    void agreedNumberIsTheHighestPreferenceUpToTheLowestMaximum() {
        agrees("00010002", 2);
        agrees("00020008", 4);
        agrees("00060010", 6);
        agrees("ffffffff", 8);
    }

    @Test
    void zeroCountsAsOne() {
        agrees("00000000", 1);
        agrees("00000010", 4);
        agrees("00030000", 1);
    }

    @Test
    void preferenceAboveTheMaximumIsCutToIt() {
        agrees("00080003", 3);
    }

    @Holds({"9611-5.2-b", "9611-5.2-d", "9611-6-c", "9611-6-d", "9611-6-f", "9611-6-g", "9611-7-a"})
    @Test
    void limitOfRfc9611IsTwiceTheCpusAndAnsweredWithTsMaxQueue_rfc9611_6() {
        asked(Mode.ON_DEMAND, Dialect.RFC9611, scene -> {
            scene.peer().auth(RESOURCE_INFO);
            for (int i = 0; i < 8; i++) {
                assertThat(notifies(scene.peer().createChild(RESOURCE_INFO))).containsExactly(RESOURCE_INFO);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(scene.peer().createChild(RESOURCE_INFO))
                        .containsExactly(Payload.Notify.of(NotifyType.TS_MAX_QUEUE));
            }
            assertThat(scene.end().perCpu()).isEqualTo(8);
        });
    }

    @Test
    void secondSaOutsideTheSetIsRefused_rfc7296_1_3() {
        asked(Mode.ON_DEMAND, Dialect.RFC9611, scene -> {
            scene.peer().auth(RESOURCE_INFO);
            assertThat(scene.peer().createChild()).containsExactly(Payload.Notify.of(NotifyType.NO_ADDITIONAL_SAS));
            assertThat(scene.end().children()).hasSize(1);
        });
    }

    @Holds("9611-3-a")
    @Test
    void furtherSaWithOtherSelectorsIsRefused_rfc9611_3() {
        asked(Mode.ON_DEMAND, Dialect.RFC9611, scene -> {
            List<Payload> first = scene.peer().auth(RESOURCE_INFO);
            assertThat(first).isNotEmpty();
            scene.peer().narrower(Tunnels.host(1));
            assertThat(scene.peer().createChild(RESOURCE_INFO))
                    .containsExactly(Payload.Notify.of(NotifyType.TS_UNACCEPTABLE));
        });
    }

    // Ours begins.

    /** Our end begins; what the peer answers is altered by {@code answers}. */
    private static void asking(Mode mode, Dialect dialect, HandmadePeer.Answers answers, Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.of(mode, dialect));
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).answering(answers);
            End left = new End(world, "left", Cpus.firstOnes(4), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            plot.accept(new Scene(world, peer, left));
        });
    }

    private static HandmadePeer.Answers with(Payload... more) {
        return (request, usual) ->
                request.exchange() == ExchangeType.IKE_AUTH || request.exchange() == ExchangeType.CREATE_CHILD_SA
                        ? Stream.concat(usual.stream(), Stream.of(more)).toList()
                        : usual;
    }

    private static List<Payloads> requests(Scene scene, ExchangeType exchange) {
        return scene.peer().heard().stream()
                .filter(request -> request.exchange() == exchange)
                .toList();
    }

    @Holds({"9611-5.1-b", "9611-5.1-d"})
    @Test
    void initiatorSendsTheNotifyWithEverySaOfTheSet_rfc9611_3() {
        asking(Mode.EAGER, Dialect.RFC9611, with(RESOURCE_INFO), scene -> {
            assertThat(requests(scene, ExchangeType.IKE_AUTH).get(0).all()).contains(RESOURCE_INFO);
            List<Payloads> further = requests(scene, ExchangeType.CREATE_CHILD_SA);
            assertThat(further).hasSize(4);
            assertThat(further).allMatch(request -> notifies(request.all()).equals(List.of(RESOURCE_INFO)));
            assertThat(scene.end().perCpu()).isEqualTo(4);
        });
    }

    @Test
    void initiatorOfTheDraftSendsBothNumbersAndThenQueueInfo() {
        HandmadePeer.Answers answers = (request, usual) -> request.exchange() == ExchangeType.IKE_AUTH
                ? with(numQueues("00030003")).to(request, usual)
                : with(QUEUE_INFO).to(request, usual);
        asking(Mode.EAGER, Dialect.DRAFT_2020, answers, scene -> {
            assertThat(requests(scene, ExchangeType.IKE_AUTH).get(0).all()).contains(numQueues("00040008"));
            List<Payloads> further = requests(scene, ExchangeType.CREATE_CHILD_SA);
            assertThat(further).hasSize(3);
            assertThat(further).allMatch(request -> notifies(request.all()).equals(List.of(QUEUE_INFO)));
        });
    }

    @Test
    void peerThatAnswersInAnotherDialectMakesOneOrdinarySa() {
        asking(Mode.EAGER, Dialect.RFC9611, with(numQueues("00040008")), scene -> {
            assertThat(requests(scene, ExchangeType.CREATE_CHILD_SA)).isEmpty();
            assertThat(scene.end().children().get(0).kind()).isEqualTo(ChildKind.ORDINARY);
            assertThat(scene.end().status().note()).contains("SA_RESOURCE_INFO");
        });
    }

    /** A peer that does not know sets makes an SA that is not of one: it is given back (RFC 7296 §1.4.1). */
    @Test
    void furtherSaWithoutTheNotifyIsDeletedAgain() {
        HandmadePeer.Answers answers = (request, usual) -> request.exchange() == ExchangeType.IKE_AUTH
                ? with(RESOURCE_INFO).to(request, usual)
                : usual;
        asking(Mode.EAGER, Dialect.RFC9611, answers, scene -> {
            assertThat(requests(scene, ExchangeType.CREATE_CHILD_SA)).hasSize(1);
            Optional<Payload.Delete> deleted = requests(scene, ExchangeType.INFORMATIONAL).stream()
                    .flatMap(Payloads::deletes)
                    .findFirst();
            assertThat(deleted).isPresent();
            assertThat(scene.end().perCpu()).isZero();
            scene.end().expectKernelAsTold();
        });
    }
}
