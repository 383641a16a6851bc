package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A configuration that is read anew while the tunnels are up, or while they come up. */
final class ReconfigureTest {
    private static final EspProposal CHACHA = Proposals.esp(EncryptionAlgorithm.CHACHA20_POLY1305);

    private static void play(Consumer<World> plot) {
        World.play(1, plot);
    }

    private static Pair up(World world, Tunnels tunnels) {
        return Pair.of(world, tunnels, Cpus.firstOnes(2), Cpus.firstOnes(2))
                .start()
                .untilWhole();
    }

    private static void reconfigure(Pair pair, Tunnels tunnels) {
        reload(pair.right(), tunnels.right());
        reload(pair.left(), tunnels.left());
    }

    private static String reload(End end, TunnelDraft... drafts) {
        Output.Reply reply = end.gateway().reply(end.reconfigure(drafts)).orElseThrow();
        assertThat(reply.ok()).isTrue();
        return reply.text();
    }

    /** A second tunnel between the same gateways, for 10.3.0.0/16 and 10.4.0.0/16. */
    private static Tunnels second(String name) {
        Tunnels tunnels = Tunnels.between(Tunnels.LEFT, Tunnels.RIGHT, Tunnels.net(3), Tunnels.net(4));
        tunnels.left().number(3);
        tunnels.right().number(4);
        Identity id = Identity.parse("keyid:" + name);
        return tunnels.both(draft -> draft.named(name).ids(id, id));
    }

    private static boolean isUp(End end, String tunnel) {
        return end.gateway()
                .status(tunnel)
                .filter(status -> status.state() == TunnelStatus.State.UP)
                .isPresent();
    }

    private static void awaitUp(Pair pair, String tunnel) {
        pair.world()
                .runUntil(
                        tunnel + " is up",
                        Duration.ofSeconds(20),
                        () -> isUp(pair.left(), tunnel) && isUp(pair.right(), tunnel));
    }

    @Test
    void whatIsReadAnewUnchangedDisturbsNothing() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            List<ChildStatus> before = pair.left().children();
            int done = pair.left().kernel().log().size();
            assertThat(reload(pair.left(), Tunnels.pair().left())).isEqualTo("0 added, 0 changed, 0 removed");
            assertThat(pair.left().kernel().log()).hasSize(done);
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.left().children()).isEqualTo(before);
            BothWays.of(pair).once();
        });
    }

    @Test
    void tunnelsComeAndGoAndTheOthersStayAsTheyAre() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            BothWays traffic = BothWays.of(pair).start();
            List<ChildStatus> before = pair.left().children();
            Tunnels other = second("other");
            assertThat(reload(pair.right(), Tunnels.pair().right(), other.right()))
                    .isEqualTo("1 added (other), 0 changed, 0 removed");
            assertThat(reload(pair.left(), Tunnels.pair().left(), other.left()))
                    .isEqualTo("1 added (other), 0 changed, 0 removed");
            awaitUp(pair, "other");
            world.runFor(Duration.ofSeconds(3));
            BothWays.of(pair, Tunnels.host(3), Tunnels.host(4)).once();
            assertThat(reload(pair.left(), Tunnels.pair().left())).isEqualTo("0 added, 0 changed, 1 removed (other)");
            world.runUntil("the peer knows", Duration.ofSeconds(2), () -> !isUp(pair.right(), "other"));
            world.runFor(Duration.ofSeconds(15));
            traffic.stop().expectNoLoss();
            assertThat(pair.left().children()).isEqualTo(before);
            pair.left().expectKernelAsTold();
            assertThat(pair.left().policies(Direction.OUT))
                    .allMatch(policy -> policy.reqId()
                            .tunnel()
                            .equals(Tunnels.pair().left().policy().reqId()));
            long ticket = pair.left().gateway().up("other");
            assertThat(pair.left().gateway().reply(ticket).orElseThrow())
                    .isEqualTo(new Output.Reply(ticket, false, "there is no tunnel other; there are t"));
        });
    }

    @Test
    void otherTermsAreTakenBesideWhatIsThereSoThatNoPacketIsLost() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            BothWays traffic = BothWays.of(pair).start();
            List<ChildStatus> before = pair.left().children();
            Tunnels others = Tunnels.pair().both(draft -> draft.esp(CHACHA).liveness(Duration.ofSeconds(7)));
            reconfigure(pair, others);
            world.runFor(Duration.ofSeconds(20));
            traffic.stop().expectNoLoss();
            assertThat(pair.left().children())
                    .hasSameSizeAs(before)
                    .allMatch(child -> child.suite().contains("CHACHA"));
            pair.expectAgreement();
        });
    }

    @Test
    void anEndThatWaitsForItsPeerTakesOtherTermsWhenThatComes() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            List<ChildStatus> before = pair.left().children();
            TunnelDraft both = Tunnels.pair().right().esp(CHACHA, Proposals.esp(KeyExchangeMethod.NONE));
            assertThat(reload(pair.right(), both)).isEqualTo("0 added, 1 changed (t), 0 removed");
            world.runFor(Duration.ofSeconds(20));
            assertThat(pair.left().children()).isEqualTo(before);
            reload(pair.left(), Tunnels.pair().left().esp(CHACHA));
            pair.untilSettled();
            assertThat(pair.left().children()).allMatch(child -> child.suite().contains("CHACHA"));
        });
    }

    /** Until the peer goes along, what is there stays, and is tried again. */
    @Test
    void otherTermsThatThePeerRefusesLeaveWhatIsThere() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            List<ChildStatus> before = pair.left().children();
            reload(pair.left(), Tunnels.pair().left().esp(CHACHA));
            world.runFor(Duration.ofSeconds(30));
            assertThat(pair.left().children()).isEqualTo(before);
            assertThat(pair.left().gateway().hasTold("no-proposal-chosen")).isTrue();
            reload(pair.right(), Tunnels.pair().right().esp(CHACHA));
            world.runUntil(
                    "it was tried again",
                    Duration.ofSeconds(70),
                    () -> pair.left().children().stream()
                            .allMatch(child -> child.suite().contains("CHACHA")));
            pair.untilSettled();
        });
    }

    private static Tunnels elsewhere(Tunnels tunnels) {
        tunnels.left().selectors(List.of(Tunnels.net(5)), List.of(Tunnels.net(6)));
        tunnels.right().selectors(List.of(Tunnels.net(6)), List.of(Tunnels.net(5)));
        return tunnels;
    }

    @Test
    void otherSelectorsHoldTheirTrafficBackUntilThereIsAnSaForIt() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            BothWays traffic = BothWays.of(pair, Tunnels.host(5), Tunnels.host(6));
            reload(pair.right(), elsewhere(Tunnels.pair()).right());
            reload(pair.left(), elsewhere(Tunnels.pair()).left());
            traffic.start();
            pair.untilSettled();
            traffic.stop();
            assertThat(traffic.losses()).isNotEmpty().noneMatch(loss -> loss.contains("in clear"));
            traffic.once();
            assertThat(pair.left().policies(Direction.OUT))
                    .allMatch(policy -> policy.id().selector().toString().contains("10.6.0.0"));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherAddressOfThePeerEndsWhatIsThereAtOnce(boolean atTheInitiator) {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            Tunnels moved = Tunnels.pair();
            (atTheInitiator ? moved.left() : moved.right()).remote(IpAddress.parse("203.0.113.9"));
            End end = atTheInitiator ? pair.left() : pair.right();
            reload(end, atTheInitiator ? moved.left() : moved.right());
            world.runFor(Duration.ofSeconds(2));
            assertThat(end.isUp()).isFalse();
            assertThat(end.kernel().sas()).isEmpty();
            assertThat(end.policies(Direction.OUT))
                    .isNotEmpty()
                    .allMatch(policy -> policy.destination().toString().equals("203.0.113.9"));
            reload(end, atTheInitiator ? Tunnels.pair().left() : Tunnels.pair().right());
            pair.untilSettled();
        });
    }

    /** What one tunnel had to hold back is at no moment let go when another takes it over. */
    @Test
    void tunnelsMayChangePlacesAndNames() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            Tunnels other = second("other");
            reload(pair.left(), Tunnels.pair().left(), other.left());
            List<String> before = outbound(pair.left());
            int done = pair.left().kernel().log().size();
            Tunnels swapped = second("other");
            swapped.left().selectors(List.of(Tunnels.net(1)), List.of(Tunnels.net(2)));
            TunnelDraft renamed = second("new").left().number(5);
            reload(pair.left(), renamed, swapped.left());
            assertThat(outbound(pair.left())).containsExactlyInAnyOrderElementsOf(before);
            assertThat(pair.left()
                            .kernel()
                            .log()
                            .subList(done, pair.left().kernel().log().size()))
                    .noneMatch(line -> line.contains("DELPOLICY"));
            world.runFor(Duration.ofSeconds(10));
            assertThat(outbound(pair.left())).containsExactlyInAnyOrderElementsOf(before);
        });
    }

    private static List<String> outbound(End end) {
        return end.policies(Direction.OUT).stream()
                .map(PolicySpec::id)
                .map(id -> id.selector().toString())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 30, 50, 70, 90, 110, 500, 1500})
    void whatIsUnderWayBeginsAnewWithOtherKeys(int millis) {
        play(world -> {
            Pair pair =
                    Pair.of(world, Tunnels.pair().both(draft -> draft.psk("old").ppk("p", "old ppk", true)));
            pair.start();
            world.runFor(Duration.ofMillis(millis));
            long ticket = pair.left().gateway().up("t");
            reconfigure(pair, Tunnels.pair().both(draft -> draft.psk("new").ppk("p", "new ppk", true)));
            pair.untilSettled();
            assertThat(pair.left().gateway().reply(ticket).orElseThrow().ok()).isTrue();
            BothWays.of(pair).once();
        });
    }

    /** A verdict by rules that are no more is passed over, and the question put again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoIsUnderJudgementIsJudgedByTheNewRules(boolean trusted) {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            pair.right().gateway().judge().takes(Optional.of(Duration.ofSeconds(2)));
            pair.start();
            world.runFor(Duration.ofSeconds(1));
            if (!trusted) {
                pair.right()
                        .gateway()
                        .judge()
                        .finds(
                                Proving.certificate(Certified.LEFT),
                                new Verdict.Refused(CertificateFault.REVOKED, "CN=left was revoked"));
            }
            reload(pair.right(), Certified.pair(When.ALWAYS, 0).right());
            assertThat(pair.right().gateway().judge().asked()).isEqualTo(2);
            world.runFor(Duration.ofMillis(2500));
            assertThat(pair.right().isUp()).isEqualTo(trusted);
            assertThat(pair.right().lastError().isEmpty()).isEqualTo(trusted);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTunnelThatIsTakenOutTakesNobodyWhoIsUnderJudgement(boolean replaced) {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            pair.right().gateway().judge().takes(Optional.of(Duration.ofSeconds(2)));
            pair.start();
            world.runFor(Duration.ofSeconds(1));
            if (replaced) {
                reload(
                        pair.right(),
                        Certified.pair(When.ALWAYS, 0)
                                .right()
                                .ids(TunnelDraft.addressId(Tunnels.RIGHT), Identity.parse("keyid:another")));
            } else {
                reload(pair.right());
            }
            world.runFor(Duration.ofSeconds(3));
            assertThat(pair.left().isUp()).isFalse();
            assertThat(pair.left().lastError()).contains("AUTHENTICATION_FAILED");
            assertThat(pair.right().kernel().sas()).isEmpty();
            assertThat(pair.right().policies(Direction.OUT)).hasSize(replaced ? 1 : 0);
        });
    }

    @Test
    void aTunnelThatIsTakenDownStaysDown() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            pair.left().gateway().down("t");
            world.runFor(Duration.ofSeconds(1));
            reload(pair.left(), elsewhere(Tunnels.pair()).left());
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.left().isUp()).isFalse();
            reload(pair.left(), Tunnels.pair().left());
            pair.left().gateway().up("t");
            pair.untilSettled();
        });
    }

    @Test
    void aTunnelThatIsPutBackBeforeItIsGoneComesUpAgain() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            reload(pair.left());
            assertThat(pair.left().policies(Direction.OUT)).isEmpty();
            world.runFor(Duration.ofSeconds(1));
            reload(pair.left(), Tunnels.pair().left());
            assertThat(pair.left().policies(Direction.OUT)).isNotEmpty();
            world.network().mend(pair.left().gateway(), pair.right().gateway());
            pair.untilSettled();
            BothWays.of(pair).once();
        });
    }

    /** on_stop is for stops: what is configured no more leaves nothing behind. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60})
    void whatIsTakenOutLeavesNothingBehind(int secondsUntilTheStop) {
        play(world -> {
            Pair pair = up(world, Tunnels.pair().both(draft -> draft.onStop(OnStop.DROP)));
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            reload(pair.left());
            world.runFor(Duration.ofSeconds(secondsUntilTheStop));
            pair.left().gateway().stop(false);
            world.runFor(Duration.ofSeconds(10));
            assertThat(pair.left().kernel().policies()).isEmpty();
            assertThat(pair.left().kernel().sas()).isEmpty();
            world.network().mend(pair.left().gateway(), pair.right().gateway());
            reload(pair.right());
        });
    }

    @Test
    void whoBeginsMayChange() {
        play(world -> {
            Pair pair = Pair.of(world, Tunnels.pair().both(TunnelDraft::responder));
            pair.start();
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.left().isUp()).isFalse();
            reload(pair.left(), Tunnels.pair().left());
            pair.untilWhole();
        });
    }

    @Test
    void duringAStopNothingIsChanged() {
        play(world -> {
            Pair pair = up(world, Tunnels.pair());
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            pair.left().gateway().stop(false);
            long ticket = pair.left().reconfigure(Tunnels.pair().left());
            assertThat(pair.left().gateway().reply(ticket).orElseThrow().ok()).isFalse();
            world.runFor(Duration.ofSeconds(10));
            world.network().mend(pair.left().gateway(), pair.right().gateway());
        });
    }
}
