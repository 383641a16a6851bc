package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** More key exchanges than one on the way to an IKE SA (RFC 9242, RFC 9370). */
final class AdditionalKeysTest {
    private static final int BLOCK = 8;
    private static final int SEEDS = 64;

    private static Tunnels tunnels(IkeProposal left, IkeProposal right) {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().ike(left);
        tunnels.right().ike(right);
        return tunnels;
    }

    private static Tunnels tunnels(IkeProposal both) {
        return tunnels(both, both);
    }

    /** @param additional ADDKE1 and so on, each with its methods in order of preference */
    private static IkeProposal with(String... additional) {
        return Proposals.additional(
                KeyExchangeMethod.CURVE25519,
                Stream.of(additional).map(AdditionalKeysTest::methods).toList());
    }

    private static List<KeyExchangeMethod> methods(String names) {
        return names.isEmpty()
                ? List.of()
                : Stream.of(names.split(",")).map(KeyExchangeMethod::valueOf).toList();
    }

    static Stream<Arguments> agreements() {
        return Stream.of(
                Arguments.of(with("ECP_384"), with("ECP_384"), "CURVE25519+ECP_384"),
                Arguments.of(with("ECP_256,ECP_384"), with("ECP_384,ECP_256"), "CURVE25519+ECP_384"),
                Arguments.of(
                        with("", "ECP_384", "", "ECP_256"),
                        with("", "ECP_384", "", "ECP_256"),
                        "CURVE25519+ECP_384+ECP_256"),
                Arguments.of(
                        with("ECP_384", "ECP_384,ECP_256"),
                        with("ECP_384", "ECP_384,ECP_256"),
                        "CURVE25519+ECP_384+ECP_256"),
                Arguments.of(with("ECP_384,NONE"), with("ECP_384,NONE"), "CURVE25519+ECP_384"),
                Arguments.of(with("ML_KEM_768"), with("ML_KEM_1024,ML_KEM_768"), "CURVE25519+ML_KEM_768"),
                Arguments.of(
                        with("ML_KEM_1024", "ECP_384"),
                        with("ML_KEM_1024", "ECP_384"),
                        "CURVE25519+ML_KEM_1024+ECP_384"),
                Arguments.of(with("ECP_384,NONE"), with(), "CURVE25519"),
                Arguments.of(with(), with("ECP_384,NONE"), "CURVE25519"),
                Arguments.of(with("ECP_384,NONE", "ECP_256"), with("", "ECP_256"), "CURVE25519+ECP_256"),
                Arguments.of(
                        with("ECP_256", "ECP_384", "ECP_521", "MODP_2048", "MODP_3072", "MODP_4096", "NONE"),
                        with("ECP_256", "ECP_384", "ECP_521", "MODP_2048", "MODP_3072", "MODP_4096", "NONE"),
                        "CURVE25519+ECP_256+ECP_384+ECP_521+MODP_2048+MODP_3072+MODP_4096"));
    }

    @Holds({"9242-3.2-a", "9242-3.2-b", "9242-3.2-d", "9242-3.2-f", "9242-3.2-g", "9242-5-a"})
    @ParameterizedTest
    @MethodSource("agreements")
    void eachKeyExchangeThatBothWantIsMade_rfc9370_2_2_2(IkeProposal left, IkeProposal right, String methods) {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair pair = Pair.of(world, tunnels(left, right)).start().untilWhole();
            for (End end : List.of(pair.left(), pair.right())) {
                assertThat(end.status().ikeSuite()).endsWith("/" + methods);
            }
            BothWays.of(pair).once().expectOwnSas();
            int exchanges = methods.split("\\+").length - 1;
            for (boolean response : new boolean[] {false, true}) {
                assertThat(wiretap.all().stream()
                                .filter(message -> message.header().response() == response)
                                .map(message -> message.header().exchangeType() + " "
                                        + message.header().messageId())
                                .distinct()
                                .limit(exchanges + 2))
                        .isEqualTo(expectedOrder(exchanges));
            }
        });
    }

    /** Exchange and message ID: IKE_SA_INIT, those between, IKE_AUTH (RFC 9242 §3.2). */
    private static List<String> expectedOrder(int exchanges) {
        List<String> order = new ArrayList<>();
        order.add("34 0");
        for (int id = 1; id <= exchanges; id++) {
            order.add("43 " + id);
        }
        order.add("35 " + (exchanges + 1));
        return order;
    }

    static Stream<Arguments> disagreements() {
        return Stream.of(
                Arguments.of(with("ECP_384"), with()),
                Arguments.of(with(), with("ECP_384")),
                Arguments.of(with("ECP_384"), with("ECP_256")),
                Arguments.of(with("ECP_384"), with("", "ECP_384")),
                Arguments.of(with("CURVE25519"), with("CURVE25519")));
    }

    @ParameterizedTest
    @MethodSource("disagreements")
    void nothingComesOfItWhereOneIsMissing_rfc9370_2_2_1(IkeProposal left, IkeProposal right) {
        World.play(1, world -> {
            Pair pair = Pair.of(world, tunnels(left, right)).start();
            world.runFor(Duration.ofSeconds(5));
            pair.expectNothingUp();
            assertThat(pair.left().lastError()).startsWith("no-proposal-chosen: ");
            assertThat(pair.right().lastError())
                    .startsWith("no-proposal-chosen: ")
                    .contains(" / KE");
        });
    }

    /** Each end says that it knows IKE_INTERMEDIATE where it has a use for it, and only there. */
    @Test
    void supportIsSaidWhereItIsNeeded_rfc9242_3_1() {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair.of(world, tunnels(with("ECP_384"))).start().untilWhole();
            assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_SA_INIT, false)))
                    .isNotEmpty()
                    .allMatch(AdditionalKeysTest::saysSupported);
            assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_SA_INIT, true)))
                    .isNotEmpty()
                    .allMatch(AdditionalKeysTest::saysSupported);
        });
        for (IkeProposal left : List.of(with(), with("ECP_384,NONE"))) {
            World.play(1, world -> {
                Wiretap wiretap = Wiretap.in(world);
                Pair.of(world, tunnels(left, with())).start().untilWhole();
                assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_SA_INIT, false)))
                        .isNotEmpty()
                        .allMatch(message ->
                                saysSupported(message) != left.additional().isEmpty());
                assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_SA_INIT, true)))
                        .isNotEmpty()
                        .noneMatch(AdditionalKeysTest::saysSupported);
            });
        }
    }

    private static boolean saysSupported(Wiretap.Heard message) {
        return message.message().payloads().stream()
                .anyMatch(payload -> payload instanceof Payload.Notify notify
                        && notify.notifyType() == 16438
                        && notify.protocol() == 0
                        && notify.spi().isEmpty()
                        && notify.data().isEmpty());
    }

    /** The offer has one transform of a type of its own for each, and the answer says NONE where there is to be none. */
    @Test
    void offerAndAnswerNameEachByItsNumber_rfc9370_2_2_1() {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair.of(world, tunnels(with("ECP_384,NONE", "", "ECP_256"), with("", "", "ECP_256")))
                    .start()
                    .untilWhole();
            assertThat(additional(wiretap, false)).containsExactly("6 20", "6 0", "8 19");
            assertThat(additional(wiretap, true)).containsExactly("6 0", "8 19");
        });
    }

    private static List<String> additional(Wiretap wiretap, boolean response) {
        Proposal proposal = wiretap.all().stream()
                .filter(message -> message.is(ExchangeType.IKE_SA_INIT, response))
                .flatMap(message -> message.message().payloads().stream())
                .filter(Payload.SecurityAssociation.class::isInstance)
                .map(payload ->
                        ((Payload.SecurityAssociation) payload).proposals().get(0))
                .findFirst()
                .orElseThrow();
        return proposal.transforms().stream()
                .filter(transform -> transform.type() > 5)
                .map(transform -> transform.type() + " " + transform.id())
                .toList();
    }

    static Stream<Arguments> losses() {
        return IntStream.rangeClosed(1, 3)
                .boxed()
                .flatMap(id -> Stream.of(false, true).map(response -> Arguments.of(id, response)));
    }

    /** The first two of the exchanges with that message ID: two times IKE_INTERMEDIATE, then IKE_AUTH. */
    @ParameterizedTest
    @MethodSource("losses")
    void lostMessagesOfAnyStepAreMadeUpFor(int messageId, boolean response) {
        World.play(1, world -> {
            int[] lost = {0};
            Wiretap wiretap = Wiretap.in(world)
                    .losing(message -> message.header().messageId() == messageId
                            && message.header().response() == response
                            && lost[0]++ < 2);
            Pair pair = Pair.of(world, tunnels(with("ECP_384", "ECP_256"))).start();
            world.runUntil("both sets are whole", Duration.ofMinutes(1), pair::isWhole);
            world.runFor(Duration.ofSeconds(3));
            pair.expectAgreement();
            BothWays.of(pair).once();
            assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_SA_INIT, false)))
                    .hasSize(1);
        });
    }

    static IntStream blocks() {
        return IntStream.range(0, SEEDS / BLOCK);
    }

    /** Whether messages are cut or not: ML-KEM's are, in six or so. */
    @ParameterizedTest
    @MethodSource("blocks")
    void setIsWholeInTheEndInFoulWeather(int block) {
        for (int seed = block * BLOCK; seed < (block + 1) * BLOCK; seed++) {
            int fragmentSize = seed % 2 == 0 ? 256 : 0;
            Weather weather = seed % 4 == 3 ? Weather.GUSTY : Weather.FOUL;
            World.play(seed, world -> {
                world.network().weather(weather);
                Pair pair = Pair.of(world, tunnels(with("ML_KEM_768", "ECP_256")))
                        .tune(Tuning.fragmentSize(fragmentSize))
                        .start();
                world.runUntil("both sets are whole", Duration.ofMinutes(5), pair::isWhole);
                world.network().weather(Weather.FAIR);
                world.runFor(Duration.ofSeconds(75));
                pair.untilSettled();
                BothWays.of(pair).once();
            });
        }
    }

    /** What both ends prove is the same whichever of them cuts its messages, or both (RFC 9242 §3.3.2). */
    @Holds({"9242-3.3.2-a", "9242-3.3.2-b", "9242-3.3.2-c"})
    @ParameterizedTest
    @MethodSource("sizes")
    void proofsCoverMessagesAsTheyWereBeforeTheyWereCut_rfc9242_3_3_2(int left, int right) {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair pair = Pair.of(world, tunnels(with("ML_KEM_1024")));
            pair.left().tune(Tuning.fragmentSize(left));
            pair.right().tune(Tuning.fragmentSize(right));
            pair.start().untilWhole();
            for (boolean response : new boolean[] {false, true}) {
                boolean small = (response ? right : left) == 256;
                assertThat(wiretap.all().stream()
                                .filter(message -> message.is(ExchangeType.IKE_INTERMEDIATE, response)))
                        .hasSize(small ? 10 : 2)
                        .allMatch(AdditionalKeysTest::isFragment);
            }
        });
    }

    static Stream<Arguments> sizes() {
        return Stream.of(Arguments.of(256, 256), Arguments.of(256, 1280), Arguments.of(1280, 256));
    }

    private static boolean isFragment(Wiretap.Heard message) {
        return message.message().sealed().orElseThrow().payloadType() == PayloadType.ENCRYPTED_FRAGMENT.code();
    }
}
