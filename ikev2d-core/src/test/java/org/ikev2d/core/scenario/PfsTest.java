package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.core.registry.KeyExchangeMethod.CURVE25519;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_256;
import static org.ikev2d.core.registry.KeyExchangeMethod.NONE;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.Cipher;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.registry.SequenceNumbers;
import org.ikev2d.core.registry.TransformType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Key exchanges of Child SAs' own: always, never, or as the peer likes; and peers that say less than we do. */
final class PfsTest {
    private static final Pattern GRANTED =
            Pattern.compile("--> \\S+ CREATE_CHILD_SA response \\d+ \\{ SK \\{ (SA, Nonce, KE|SA, Nonce|N\\(\\w+\\))");

    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
    private static final EspProposal ON = Proposals.esp(CURVE25519, ECP_256);
    private static final EspProposal OFF = Proposals.esp(NONE);
    private static final EspProposal OPTIONAL = Proposals.esp(CURVE25519, ECP_256, NONE);
    private static final EspProposal OTHER = Proposals.esp(ECP_256);

    private static final String WITH = "SA, Nonce, KE";
    private static final String WITHOUT = "SA, Nonce";
    private static final String ANOTHER = "N(INVALID_KE_PAYLOAD)";
    private static final String REFUSED = "N(NO_PROPOSAL_CHOSEN)";

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(ON, ON, List.of(WITH)),
                Arguments.of(ON, OPTIONAL, List.of(WITH)),
                Arguments.of(OPTIONAL, ON, List.of(WITH)),
                Arguments.of(OPTIONAL, OPTIONAL, List.of(WITH)),
                Arguments.of(ON, OTHER, List.of(ANOTHER, WITH)),
                Arguments.of(OPTIONAL, OTHER, List.of(ANOTHER, WITH)),
                Arguments.of(OFF, OFF, List.of(WITHOUT)),
                Arguments.of(OPTIONAL, OFF, List.of(WITHOUT)),
                Arguments.of(OFF, OPTIONAL, List.of(WITHOUT)),
                Arguments.of(ON, OFF, List.of(REFUSED)),
                Arguments.of(OFF, ON, List.of(REFUSED)));
    }

    /** The IKE SA has one exchange for its only per-CPU SA; a refusal leaves the first SA, which has no key exchange. */
    @ParameterizedTest
    @MethodSource("pairs")
    void bothEndsSayWhetherThereIsAKeyExchange_rfc7296_1_3(
            EspProposal initiator, EspProposal responder, List<String> answers) {
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.count(1, Mode.EAGER, Dialect.RFC9611));
            tunnels.left().esp(initiator);
            tunnels.right().esp(responder);
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(1), Cpus.firstOnes(1))
                    .start();
            // The responder puts its outbound half in after one second, and asks for SAs itself after two.
            world.runFor(Duration.ofMillis(1500));
            pair.expectAgreement();
            assertThat(pair.left().children()).hasSize(answers.contains(REFUSED) ? 1 : 2);
        });
        assertThat(granted(story)).isEqualTo(answers);
    }

    private static List<String> granted(String story) {
        return GRANTED.matcher(story).results().map(result -> result.group(1)).toList();
    }

    private static List<Payload> without(TransformType type, List<Payload> payloads) {
        return payloads.stream()
                .map(payload -> payload instanceof Payload.SecurityAssociation sa
                                && sa.proposals().get(0).protocol() == ProtocolId.ESP.code()
                        ? new Payload.SecurityAssociation(sa.proposals().stream()
                                .map(proposal -> without(type, proposal))
                                .toList())
                        : payload)
                .toList();
    }

    private static Proposal without(TransformType type, Proposal proposal) {
        return new Proposal(
                proposal.number(),
                proposal.protocol(),
                proposal.spi(),
                proposal.transforms().stream()
                        .filter(transform -> transform.type() != type.code())
                        .toList());
    }

    /** It offers both and sends no KE payload: it wants none, and need not be asked again. */
    @Test
    void peerThatOffersBothWithoutAKePayloadGetsNone_rfc7296_1_3() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().esp(OPTIONAL);
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            peer.auth(RESOURCE_INFO);
            Payload offer = new Payload.SecurityAssociation(
                    EspChoice.offer(List.of(Proposals.esp(CURVE25519, NONE)), new EspSpi(0x1234_5678)));
            List<Payload> answer = peer.ask(
                    ExchangeType.CREATE_CHILD_SA,
                    offer,
                    new Payload.Nonce(Bytes.of(new byte[32])),
                    new Payload.TrafficSelectors(true, List.of(Tunnels.net(1))),
                    new Payload.TrafficSelectors(false, List.of(Tunnels.net(2))),
                    RESOURCE_INFO);
            assertThat(HandmadePeer.only(answer, Payload.SecurityAssociation.class)
                            .proposals()
                            .get(0)
                            .transforms())
                    .contains(Transform.of(TransformType.KEY_EXCHANGE_METHOD.code(), NONE.code(), 0));
            assertThat(answer).noneMatch(Payload.KeyExchange.class::isInstance);
            assertThat(right.children()).hasSize(2);
        });
    }

    /** One suite is not made with what is configured for another. */
    @Test
    void furtherSaHasAKeyExchangeWhereItsSuiteIsConfiguredWithOne() {
        EspProposal strict = new EspProposal(
                List.of(new Cipher(EncryptionAlgorithm.AES_GCM_16, 256)),
                List.of(),
                List.of(CURVE25519),
                List.of(SequenceNumbers.NO_ESN));
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.count(1, Mode.EAGER, Dialect.RFC9611));
            tunnels.left().esp(strict, OFF);
            tunnels.right().esp(strict, OFF);
            Pair.of(world, tunnels, Cpus.firstOnes(1), Cpus.firstOnes(1))
                    .start()
                    .untilWhole();
        });
        assertThat(granted(story)).containsExactly(WITH);
        assertThat(EspChoice.sameSuite(
                        new EspSuite(EncryptionAlgorithm.AES_GCM_16, 256, Integrity.NONE, false), List.of(strict, OFF)))
                .containsExactly(strict);
        assertThat(EspChoice.sameSuite(
                        new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, false), List.of(strict, OFF)))
                .containsExactly(OFF);
    }

    /** Not to name the type is to have 32-bit sequence numbers. */
    @Test
    void peerWithoutExtendedSequenceNumbersNeedNotSpeakOfThem() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left())
                    .asking(payloads -> without(TransformType.SEQUENCE_NUMBERS, payloads));
            peer.init();
            List<Payload> answer = peer.auth(RESOURCE_INFO);
            assertThat(HandmadePeer.only(answer, Payload.SecurityAssociation.class)
                            .proposals()
                            .get(0)
                            .transforms())
                    .noneMatch(transform -> transform.type() == TransformType.SEQUENCE_NUMBERS.code());
            peer.createChild(RESOURCE_INFO);
            assertThat(right.children())
                    .hasSize(2)
                    .allMatch(child -> !child.suite().contains("ESN"));
        });
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer.started(world, tunnels.right())
                    .answering((request, usual) -> without(TransformType.SEQUENCE_NUMBERS, usual));
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            assertThat(left.children())
                    .hasSize(1)
                    .allMatch(child -> !child.suite().contains("ESN"));
        });
    }
}
