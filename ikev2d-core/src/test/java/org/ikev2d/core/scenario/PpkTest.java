package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Post-quantum preshared keys (RFC 8784). */
final class PpkTest {
    private static final String KEY = "32 octets that nobody can guess";

    /** How an end has a PPK. */
    enum Has {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    private static void give(TunnelDraft draft, Has has, String name, String key) {
        if (has != Has.NONE) {
            draft.ppk(name, key, has == Has.REQUIRED);
        }
    }

    private static Tunnels tunnels(Has left, Has right, String rightName, String rightKey) {
        Tunnels tunnels = Tunnels.pair();
        give(tunnels.left(), left, "blue", KEY);
        give(tunnels.right(), right, rightName, rightKey);
        return tunnels;
    }

    private static String comesUp(Tunnels tunnels, boolean withPpk) {
        return World.play(1, world -> {
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            BothWays.of(pair).once().expectOwnSas();
            assertThat(pair.left().status().ikeSuite()).matches(withPpk ? ".*-ppk" : ".*(?<!-ppk)");
            assertThat(pair.right().status().ikeSuite())
                    .isEqualTo(pair.left().status().ikeSuite());
        });
    }

    private static String refused(Tunnels tunnels, String leftSays, String rightSays) {
        return World.play(1, world -> {
            Pair pair = Pair.of(world, tunnels).start();
            world.runFor(Duration.ofMinutes(1));
            pair.expectNothingUp();
            assertThat(pair.left().gateway().hasTold("ike-up")).isFalse();
            assertThat(pair.left().lastError()).containsPattern(leftSays);
            assertThat(pair.right().lastError()).containsPattern(rightSays);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, OPTIONAL, false",
        "OPTIONAL, NONE, false",
        "OPTIONAL, OPTIONAL, true",
        "OPTIONAL, REQUIRED, true",
        "REQUIRED, OPTIONAL, true",
        "REQUIRED, REQUIRED, true"
    })
    void itIsUsedWhereBothEndsHaveIt_rfc8784_3(Has left, Has right, boolean used) {
        String story = comesUp(tunnels(left, right, "blue", KEY), used);
        assertThat(story.contains("N(PPK_IDENTITY)")).isEqualTo(used);
        assertThat(story.contains("N(NO_PPK_AUTH)")).isEqualTo(used && left == Has.OPTIONAL);
    }

    @Test
    void initiatorThatNeedsItGoesNoFurtherThanIkeSaInit_rfc8784_3() {
        String story = refused(tunnels(Has.REQUIRED, Has.NONE, "", ""), "the peer has no PPK, and ppk_required", "");
        assertThat(story).doesNotContain("IKE_AUTH");
    }

    @Test
    void responderThatNeedsItRefusesWhoHasNone_rfc8784_3() {
        refused(
                tunnels(Has.NONE, Has.REQUIRED, "blue", KEY),
                "authentication-failed: ",
                "authentication-failed: .*does not use our PPK \"blue\", and ppk_required is set: compare ppk_id");
    }

    /** Both know of PPKs, and none of them is the other's: they do without where both may. */
    @Test
    void withoutOneInCommonTheEndsDoWithout_rfc8784_3() {
        String story = comesUp(tunnels(Has.OPTIONAL, Has.OPTIONAL, "green", KEY), false);
        assertThat(story)
                .containsPattern("IKE_AUTH request 1 .*N\\(PPK_IDENTITY\\), N\\(NO_PPK_AUTH\\)")
                .doesNotContainPattern("IKE_AUTH response 1 .*N\\(PPK_IDENTITY\\)");
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONAL, REQUIRED, does not use our PPK \"green\"",
        "REQUIRED, OPTIONAL, 'will not do without its PPK, which is not our \"green\": compare ppk_id'",
        "REQUIRED, REQUIRED, does not use our PPK \"green\""
    })
    void withoutOneInCommonWhoNeedsItRefuses_rfc8784_3(Has left, Has right, String rightSays) {
        refused(
                tunnels(left, right, "green", KEY),
                "authentication-failed: .*ppk_id, \"blue\"",
                "authentication-failed: .*" + rightSays);
    }

    @ParameterizedTest
    @CsvSource({"OPTIONAL, OPTIONAL", "REQUIRED, REQUIRED"})
    void anotherKeyOfTheSameNameIsSaidAtBothEnds(Has left, Has right) {
        refused(
                tunnels(left, right, "blue", "another key"),
                "authentication-failed: .*the PPK's key",
                "authentication-failed: .*compare the PSKs, and the keys of PPK \"blue\"");
    }

    @ParameterizedTest
    @CsvSource({"blue, true", "green, false"})
    void signaturesAreMadeWithItAndWithout_rfc8784_3(String rightName, boolean used) {
        String story = World.play(1, world -> {
            Tunnels tunnels = Certified.pair(When.ALWAYS, 0);
            tunnels.left().ppk("blue", KEY, false);
            tunnels.right().ppk(rightName, KEY, false);
            Pair pair = Certified.trusting(world, tunnels)
                    .tune(Tuning.fragmentSize(0))
                    .start()
                    .untilWhole();
            assertThat(pair.left().status().ikeSuite().endsWith("-ppk")).isEqualTo(used);
            BothWays.of(pair).once();
        });
        assertThat(story).containsPattern("IKE_AUTH request 1 .*N\\(NO_PPK_AUTH\\)");
    }

    @Test
    void wrongKeyIsSaidWhereThePeerSigns() {
        World.play(1, world -> {
            Tunnels tunnels = Certified.pair(When.ALWAYS, 0);
            tunnels.left().ppk("blue", KEY, false);
            tunnels.right().ppk("blue", "another key", false);
            Pair pair = Certified.trusting(world, tunnels).start();
            world.runFor(Duration.ofMinutes(1));
            pair.expectNothingUp();
            assertThat(pair.right().lastError()).contains(", and the keys of PPK \"blue\"");
        });
    }

    /** It goes into the keys last, after those of further key exchanges. */
    @Test
    void furtherKeyExchangesComeBefore() {
        Tunnels tunnels = tunnels(Has.REQUIRED, Has.REQUIRED, "blue", KEY);
        tunnels.both(draft -> draft.ike(
                Proposals.additional(KeyExchangeMethod.CURVE25519, List.of(List.of(KeyExchangeMethod.ECP_384)))));
        assertThat(comesUp(tunnels, true)).contains("IKE_INTERMEDIATE request");
    }

    @Test
    void initiatorThatDoesNotNameItIsRefused_rfc8784_3() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().ppk("blue", KEY, false);
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            assertThat(peer.init(Payload.Notify.of(NotifyType.USE_PPK)))
                    .contains(Payload.Notify.of(NotifyType.USE_PPK));
            assertThat(peer.auth()).containsExactly(Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED));
        });
    }

    /** The responder says that it uses PPKs, and then does not use ours: told in an exchange of its own. */
    @Test
    void initiatorThatNeedsItEndsAnIkeSaWithoutIt_rfc8784_3() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().ppk("blue", KEY, true);
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right().responder())
                    .answering((request, usual) -> request.has(NotifyType.USE_PPK)
                            ? Stream.concat(usual.stream(), Stream.of(Payload.Notify.of(NotifyType.USE_PPK)))
                                    .toList()
                            : usual);
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofMillis(800));
            assertThat(left.lastError()).contains("does not use our PPK \"blue\", and ppk_required is set");
            assertThat(left.isUp()).isFalse();
            List<Payload> last = peer.heard().get(peer.heard().size() - 1).all();
            assertThat(last).contains(Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED, Bytes.empty()));
        });
    }

    /** Of two tunnels with one pair of identities, the one that has the peer's PPK is meant. */
    @Test
    void thePpkSaysWhichTunnelIsMeant() {
        World.play(1, world -> {
            Tunnels tunnels = tunnels(Has.REQUIRED, Has.REQUIRED, "blue", KEY);
            TunnelDraft other = Tunnels.pair()
                    .right()
                    .named("other")
                    .number(6)
                    .selectors(List.of(Tunnels.net(2)), List.of(TrafficSelector.parse("10.1.0.0/17")))
                    .ppk("green", KEY, true);
            Pair pair = Pair.of(world, tunnels);
            pair.right().configure(other, tunnels.right());
            pair.start();
            world.runUntil(
                    "up",
                    Duration.ofSeconds(2),
                    () -> pair.left().isUp() && pair.right().isUp());
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void lossAndDisorderChangeNothing(long seed) {
        World.play(seed, world -> {
            Tunnels tunnels = tunnels(Has.OPTIONAL, Has.REQUIRED, "blue", KEY);
            if (seed % 2 == 0) {
                tunnels.right().alwaysUp();
            }
            world.network().weather(Weather.FOUL);
            Pair pair = Pair.of(world, tunnels).start();
            world.runUntil("whole", Duration.ofMinutes(4), pair::isWhole);
            world.network().weather(Weather.FAIR);
            pair.untilSettled();
            BothWays.of(pair).once().expectOwnSas();
        });
    }
}
