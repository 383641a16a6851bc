package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that agree on more key exchanges than one, and then do something else (RFC 9242, RFC 9370). */
final class AdditionalKeysOddPeerTest {
    private static final Payload SUPPORTED = Payload.Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED);
    private static final Payload SYNTAX = Payload.Notify.of(NotifyType.INVALID_SYNTAX);
    private static final KeyExchangeMethod METHOD = KeyExchangeMethod.ECP_256;

    private static Tunnels tunnels(KeyExchangeMethod... first) {
        return Tunnels.pair()
                .both(draft -> draft.ike(Proposals.additional(KeyExchangeMethod.CURVE25519, List.of(List.of(first)))));
    }

    private static Payload ke(KeyExchangeMethod method, int size) {
        return new Payload.KeyExchange(method.code(), Bytes.of(new byte[size]));
    }

    private interface Plot {
        void accept(World world, HandmadePeer peer, End end);
    }

    /** A peer that begins, and has had its answer to IKE_SA_INIT. */
    private static void began(Tunnels tunnels, Plot plot) {
        World.play(1, world -> {
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            assertThat(peer.init(SUPPORTED)).contains(SUPPORTED);
            plot.accept(world, peer, right);
        });
    }

    static Stream<List<Payload>> wrongExchanges() {
        return Stream.of(
                List.of(),
                List.of(new Payload.Nonce(Bytes.of(new byte[32]))),
                List.of(ke(METHOD, 0)),
                List.of(ke(METHOD, 63)),
                List.of(ke(METHOD, 64)),
                List.of(ke(METHOD, 65)),
                List.of(ke(METHOD, 64), ke(METHOD, 64)));
    }

    @ParameterizedTest
    @MethodSource("wrongExchanges")
    void requestWithoutAUsableValueIsAnsweredSoAndTheIkeSaForgotten_rfc9242_3_4(List<Payload> wrong) {
        began(tunnels(METHOD), (world, peer, end) -> {
            assertThat(peer.ask(ExchangeType.IKE_INTERMEDIATE, wrong.toArray(Payload[]::new)))
                    .containsExactly(SYNTAX);
            assertThat(end.lastError()).startsWith("peer-misbehaved: ");
            assertThat(sentFor(world, peer, List.of(peer.sealed(ExchangeType.IKE_INTERMEDIATE, 0, Bytes.empty()))))
                    .noneMatch(message -> message.message().sealed().isPresent());
        });
    }

    /** Octets of 0xff make coefficients that are too large; the lengths are those of keys, the second a ciphertext's. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1088, 1183, 1184, 1185})
    void encapsulationKeyThatIsNoneIsAnsweredSo_mlkem_2_2(int size) {
        byte[] octets = new byte[size];
        Arrays.fill(octets, (byte) 0xff);
        began(tunnels(KeyExchangeMethod.ML_KEM_768), (world, peer, end) -> {
            assertThat(peer.ask(
                            ExchangeType.IKE_INTERMEDIATE,
                            new Payload.KeyExchange(KeyExchangeMethod.ML_KEM_768.code(), Bytes.of(octets))))
                    .containsExactly(SYNTAX);
            assertThat(end.lastError())
                    .startsWith("peer-misbehaved: KE payload: ")
                    .contains(size == 1184 ? "coefficient" : "has " + size + " octets, not 1184");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1087, 1089, 1184})
    void ciphertextOfAnotherLengthEndsTheAttempt_mlkem_2_2(int size) {
        List<Payload> wrong = List.of(ke(KeyExchangeMethod.ML_KEM_768, size));
        asked(tunnels(KeyExchangeMethod.ML_KEM_768), List.of(SUPPORTED), wrong, (wiretap, end) -> {
            assertThat(end.lastError()).startsWith("peer-misbehaved: KE payload: has " + size + " octets, not 1088");
            assertThat(wiretap.from(Tunnels.LEFT))
                    .extracting(message -> message.header().exchangeType())
                    .containsOnly(34, 43);
        });
    }

    @Test
    void otherMethodThanTheOneAgreedOnIsRefused_rfc9370_2_2_2() {
        began(tunnels(METHOD), (world, peer, end) -> {
            List<Payload> answer = peer.ask(ExchangeType.IKE_INTERMEDIATE, ke(KeyExchangeMethod.ECP_384, 96));
            assertThat(answer)
                    .containsExactly(Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, Bytes.of((byte) 0, (byte) 19)));
            assertThat(end.lastError()).startsWith("no-proposal-chosen: ");
        });
    }

    /** Whatever the notification says beside its name. */
    @Holds("9242-3.1-a")
    @Test
    void dataOfSupportedIsIgnored_rfc9242_3_1() {
        Payload wordy = Payload.Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED, Bytes.hex("0102030405"));
        asked(
                tunnels(METHOD),
                List.of(wordy),
                List.of(SYNTAX),
                (wiretap, end) -> assertThat(wiretap.from(Tunnels.LEFT))
                        .extracting(message -> message.header().exchangeType())
                        .startsWith(34, 43));
        Tunnels tunnels = tunnels(METHOD);
        World.play(1, world -> {
            new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            assertThat(HandmadePeer.started(world, tunnels.left()).init(wordy)).contains(SUPPORTED);
        });
    }

    /** IKE_AUTH is too early, a CREATE_CHILD_SA more so. */
    @Holds({"9242-3.2-b", "9242-3.2-c", "9242-3.2-e"})
    @ParameterizedTest
    @ValueSource(strings = {"IKE_AUTH", "CREATE_CHILD_SA", "INFORMATIONAL", "IKE_FOLLOWUP_KE"})
    void nothingElseComesBeforeTheKeyExchangesThatWereAgreedOn_rfc9242_3_2(ExchangeType exchange) {
        began(tunnels(METHOD), (world, peer, end) -> {
            List<Payload> answer = exchange == ExchangeType.IKE_AUTH ? peer.auth() : peer.ask(exchange, ke(METHOD, 64));
            assertThat(answer).containsExactly(SYNTAX);
            assertThat(sentFor(world, peer, List.of(peer.sealed(ExchangeType.IKE_INTERMEDIATE, 1, 0, Bytes.empty()))))
                    .as("message ID 1 once more")
                    .isEmpty();
            assertThat(end.isUp()).isFalse();
            assertThat(end.kernel().sas()).isEmpty();
        });
    }

    /** Who offers additional key exchanges and does not know IKE_INTERMEDIATE gets none. */
    @Test
    void peerThatDoesNotSaySupportedIsServedWithoutWhereThatWillDo_rfc9370_2_2_1() {
        Tunnels tunnels = tunnels(METHOD, KeyExchangeMethod.NONE);
        World.play(1, world -> {
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            assertThat(peer.init()).doesNotContain(SUPPORTED);
            assertThat(peer.ask(ExchangeType.IKE_INTERMEDIATE, ke(METHOD, 64))).containsExactly(SYNTAX);
            assertThat(peer.auth()).anyMatch(Payload.Authentication.class::isInstance);
            assertThat(right.isUp()).isTrue();
            assertThat(right.status().ikeSuite()).endsWith("/CURVE25519");
        });
    }

    /** Before the keys change, and after: the answer to a request under the old ones is repeated to the letter. */
    @Test
    void requestThatIsCutAnewIsAnsweredAgainThoughTheKeysHaveChanged_rfc7383_2_6_1() {
        Payload fragments = Payload.Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED);
        Payload padding = new Payload.VendorId(Bytes.of(new byte[1000]));
        Tunnels tunnels = tunnels(KeyExchangeMethod.CURVE25519, KeyExchangeMethod.MODP_2048);
        World.play(1, world -> {
            new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init(SUPPORTED, fragments);
            Payload ke = new Payload.KeyExchange(
                    KeyExchangeMethod.MODP_2048.code(), Bytes.concat(Bytes.of((byte) 1), Bytes.of(new byte[255])));
            List<Bytes> answer =
                    octets(sentFor(world, peer, peer.cut(ExchangeType.IKE_INTERMEDIATE, 1, 600, ke, padding)));
            assertThat(answer).hasSize(1);
            List<Bytes> finer = peer.cut(ExchangeType.IKE_INTERMEDIATE, 1, 300, ke, padding);
            assertThat(octets(sentFor(world, peer, finer))).isEqualTo(answer);
        });
    }

    private static List<Bytes> octets(List<Wiretap.Heard> messages) {
        return messages.stream().map(Wiretap.Heard::octets).toList();
    }

    private static List<Wiretap.Heard> sentFor(World world, HandmadePeer peer, List<Bytes> requests) {
        Wiretap wiretap = Wiretap.in(world);
        requests.forEach(peer::sendRaw);
        world.runFor(Duration.ofMillis(200));
        return wiretap.from(Tunnels.RIGHT).toList();
    }

    // Answers.

    /** What a peer, asked for {@code tunnels}, says to IKE_SA_INIT and IKE_INTERMEDIATE; ours after a second. */
    private static void asked(
            Tunnels tunnels, List<Payload> initMore, List<Payload> intermediate, BiConsumer<Wiretap, End> plot) {
        World.play(1, world -> {
            HandmadePeer.started(world, tunnels.right()).answering((request, usual) -> switch (request.exchange()) {
                case IKE_SA_INIT ->
                    Stream.concat(usual.stream(), initMore.stream()).toList();
                case IKE_INTERMEDIATE -> intermediate;
                default -> usual;
            });
            Wiretap wiretap = Wiretap.in(world);
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofMillis(1500));
            plot.accept(wiretap, left);
        });
    }

    static Stream<List<Payload>> wrongAnswers() {
        return Stream.concat(
                wrongExchanges(),
                Stream.of(
                        List.of(SYNTAX),
                        List.of(Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN), ke(METHOD, 64)),
                        List.of(ke(KeyExchangeMethod.ECP_384, 96))));
    }

    /** Neither IKE_AUTH nor a farewell follows: who that was is not known. */
    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void answerThatCannotBeUsedEndsTheAttempt_rfc9242_3_4(List<Payload> wrong) {
        asked(tunnels(METHOD), List.of(SUPPORTED), wrong, (wiretap, end) -> {
            assertThat(end.isUp()).isFalse();
            assertThat(end.kernel().sas()).isEmpty();
            assertThat(end.lastError()).isNotEmpty();
            assertThat(wiretap.from(Tunnels.LEFT))
                    .extracting(message -> message.header().exchangeType())
                    .startsWith(34, 43, 34, 43)
                    .containsOnly(34, 43);
        });
    }

    /** It may be somebody else's answer: the right one is waited for. */
    @Test
    void peerThatChoosesThemAndDoesNotSaySupportedIsNotBelieved_rfc9370_2_2_1() {
        asked(tunnels(METHOD), List.of(), List.of(), (wiretap, end) -> {
            assertThat(end.isUp()).isFalse();
            assertThat(end.lastError()).contains("chose additional key exchanges");
            assertThat(wiretap.from(Tunnels.LEFT))
                    .extracting(message -> message.header().exchangeType())
                    .containsOnly(34);
        });
    }
}
