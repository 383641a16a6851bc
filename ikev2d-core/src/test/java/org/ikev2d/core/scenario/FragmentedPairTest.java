package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two engines whose datagrams are to be small (RFC 7383). */
final class FragmentedPairTest {
    private static final int SIZE = 256;
    private static final int SEEDS = 64;
    private static final int BLOCK = 8;

    /** With names so long that IKE_AUTH is too long both ways. */
    private static Tunnels wordy(Tunnels tunnels) {
        Identity left = TunnelDraft.textId(IdType.FQDN, "left.".repeat(30) + "example");
        Identity right = TunnelDraft.textId(IdType.FQDN, "right.".repeat(30) + "example");
        tunnels.left().ids(left, right);
        tunnels.right().ids(right, left);
        return tunnels;
    }

    private static boolean isFragment(Wiretap.Heard message) {
        return message.message()
                .sealed()
                .filter(one -> one.payloadType() == PayloadType.ENCRYPTED_FRAGMENT.code())
                .isPresent();
    }

    private static int number(Wiretap.Heard message) {
        return message.message().sealed().orElseThrow().fragmentNumber();
    }

    private static boolean saysSupported(Wiretap.Heard message) {
        return message.message().payloads().stream()
                .anyMatch(payload -> payload instanceof Payload.Notify notify
                        && notify.notifyType() == 16430
                        && notify.protocol() == 0
                        && notify.spi().isEmpty()
                        && notify.data().isEmpty());
    }

    /** @param headers octets before each message in its IP datagram */
    private static void expectSmall(Wiretap wiretap, int headers) {
        Stream<Wiretap.Heard> sealed = wiretap.all().stream()
                .filter(message -> !message.message().sealed().isEmpty());
        assertThat(sealed)
                .isNotEmpty()
                .allMatch(message -> message.octets().size() + headers <= SIZE)
                .anyMatch(message -> message.octets().size() + headers > SIZE - 16);
        for (boolean response : new boolean[] {false, true}) {
            assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_SA_INIT, response)))
                    .isNotEmpty()
                    .allMatch(FragmentedPairTest::saysSupported);
            assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_AUTH, response)))
                    .hasSizeGreaterThan(1)
                    .allMatch(FragmentedPairTest::isFragment);
            // There is no point in fragmenting what is small.
            assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.INFORMATIONAL, response)))
                    .isNotEmpty()
                    .noneMatch(FragmentedPairTest::isFragment);
        }
    }

    @Holds({"7383-2.3-a", "7383-2.3-b", "7383-2.3-c", "7383-2.4-c", "7383-2.4-d", "7383-2.5.1-a"})
    @Test
    void whatIsTooLongGoesInFragments_rfc7383_2_4() {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair pair = Pair.of(world, wordy(Tunnels.pair()))
                    .tune(Tuning.fragmentSize(SIZE))
                    .start()
                    .untilWhole();
            BothWays.of(pair).once();
            world.runFor(Duration.ofMinutes(2));
            expectSmall(wiretap, 20 + 8);
        });
    }

    @Holds("7383-2.5.1-a")
    @Test
    void headersOfIpv6AndOfUdpEncapsulationCount() {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair.of(world, wordy(Tunnels.between(Tunnels.LEFT_V6, Tunnels.RIGHT_V6, Tunnels.net(1), Tunnels.net(2))))
                    .tune(Tuning.fragmentSize(SIZE))
                    .start()
                    .untilWhole();
            world.runFor(Duration.ofMinutes(2));
            expectSmall(wiretap, 40 + 8);
        });
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair.of(world, wordy(Tunnels.pair().both(TunnelDraft::forceEncapsulation)))
                    .tune(Tuning.fragmentSize(SIZE))
                    .start()
                    .untilWhole();
            world.runFor(Duration.ofMinutes(2));
            expectSmall(wiretap, 20 + 8 + 4);
        });
    }

    @Holds("7383-2.4-a")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsCutUnlessBothEndsWantIt_rfc7383_2_4(boolean left) {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair pair = Pair.of(world, wordy(Tunnels.pair()));
            pair.left().tune(Tuning.fragmentSize(left ? SIZE : 0));
            pair.right().tune(Tuning.fragmentSize(left ? 0 : SIZE));
            pair.start().untilWhole();
            assertThat(wiretap.all()).noneMatch(FragmentedPairTest::isFragment);
            assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_SA_INIT, false)))
                    .isNotEmpty()
                    .allMatch(message -> saysSupported(message) == left);
            assertThat(wiretap.all().stream().filter(message -> message.is(ExchangeType.IKE_SA_INIT, true)))
                    .isNotEmpty()
                    .noneMatch(FragmentedPairTest::saysSupported);
        });
    }

    @Holds("7383-2.5.1-c")
    @Test
    void sizeIs1280UnlessSaidOtherwise_rfc7383_2_5_1() {
        EnginePolicy policy = EnginePolicy.of(List.of());
        assertThat(policy.fragmentSize()).isEqualTo(1280);
        assertThatThrownBy(() -> Tuning.fragmentSize(255).apply(policy))
                .hasMessage("fragments of 255 octets, expected 0 or at least 256");
    }

    /** Each end may have a size of its own. */
    @Test
    void endsNeedNotAgreeOnTheSize() {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair pair = Pair.of(world, wordy(Tunnels.pair()));
            pair.left().tune(Tuning.fragmentSize(SIZE));
            pair.right().tune(Tuning.fragmentSize(65_535));
            pair.start().untilWhole();
            assertThat(wiretap.from(Tunnels.LEFT)).anyMatch(FragmentedPairTest::isFragment);
            assertThat(wiretap.from(Tunnels.RIGHT)).noneMatch(FragmentedPairTest::isFragment);
        });
    }

    /** One fragment is lost, of request or answer, each time but the last. */
    @Holds({"7383-2.5.2-d", "7383-2.6.1-b"})
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allFragmentsAreSentAgainToTheLetter_rfc7383_2_6(boolean response) {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            int[] lost = {0};
            wiretap.losing(
                    message -> message.is(ExchangeType.IKE_AUTH, response) && number(message) == 2 && lost[0]++ < 3);
            Pair pair = Pair.of(world, wordy(Tunnels.pair()))
                    .tune(Tuning.fragmentSize(SIZE))
                    .start();
            world.runUntil("both sets are whole", Duration.ofMinutes(1), pair::isWhole);
            for (boolean which : new boolean[] {false, true}) {
                List<Bytes> sent = wiretap.all().stream()
                        .filter(message -> message.is(ExchangeType.IKE_AUTH, which))
                        .map(Wiretap.Heard::octets)
                        .toList();
                int times = which && !response ? 1 : 4;
                int each = sent.size() / times;
                assertThat(each).isGreaterThan(1);
                for (int time = 0; time < times; time++) {
                    assertThat(sent.subList(time * each, (time + 1) * each)).isEqualTo(sent.subList(0, each));
                }
                assertThat(sent).hasSize(times * each);
            }
            world.runFor(Duration.ofSeconds(3));
            pair.expectAgreement();
        });
    }

    static IntStream blocks() {
        return IntStream.range(0, SEEDS / BLOCK);
    }

    /** Fragments get lost, come twice and overtake each other. */
    @ParameterizedTest
    @MethodSource("blocks")
    void setIsWholeInTheEndInFoulWeather(int block) {
        for (int seed = block * BLOCK; seed < (block + 1) * BLOCK; seed++) {
            Weather weather = seed % 4 == 3 ? Weather.GUSTY : Weather.FOUL;
            World.play(seed, world -> {
                world.network().weather(weather);
                Pair pair = Pair.of(world, wordy(Tunnels.pair()))
                        .tune(Tuning.fragmentSize(SIZE))
                        .start();
                world.runUntil("both sets are whole", Duration.ofMinutes(5), pair::isWhole);
                world.network().weather(Weather.FAIR);
                world.runFor(Duration.ofSeconds(75));
                pair.untilSettled();
                BothWays.of(pair).once();
            });
        }
    }
}
