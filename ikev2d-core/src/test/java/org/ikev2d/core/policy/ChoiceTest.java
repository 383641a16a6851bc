package org.ikev2d.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ikev2d.core.registry.EncryptionAlgorithm.AES_CBC;
import static org.ikev2d.core.registry.EncryptionAlgorithm.AES_GCM_16;
import static org.ikev2d.core.registry.EncryptionAlgorithm.CHACHA20_POLY1305;
import static org.ikev2d.core.registry.KeyExchangeMethod.CURVE25519;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_256;
import static org.ikev2d.core.registry.KeyExchangeMethod.NONE;
import static org.ikev2d.core.registry.SequenceNumbers.ESN;
import static org.ikev2d.core.registry.SequenceNumbers.NO_ESN;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.SequenceNumbers;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What two ends have in common: of {@link IkeChoice} and {@link EspChoice}. */
final class ChoiceTest {
    private static final Cipher GCM_128 = new Cipher(AES_GCM_16, 128);
    private static final Cipher GCM_256 = new Cipher(AES_GCM_16, 256);
    private static final Cipher CHACHA = new Cipher(CHACHA20_POLY1305, 256);
    private static final Cipher CBC_128 = new Cipher(AES_CBC, 128);
    private static final EspSpi OURS = new EspSpi(0xc0000001);
    private static final Bytes THEIRS = Bytes.hex("d0000002");

    private static final int IKE = 1;
    private static final int ESP = 3;

    private static Transform gcm(int bits) {
        return Transform.of(1, 20, bits);
    }

    private static Transform prf(int id) {
        return Transform.of(2, id, 0);
    }

    private static Transform integrity(int id) {
        return Transform.of(3, id, 0);
    }

    private static Transform method(int id) {
        return Transform.of(4, id, 0);
    }

    private static Transform esn(int id) {
        return Transform.of(5, id, 0);
    }

    private static Proposal ike(int number, Transform... transforms) {
        return new Proposal(number, IKE, Bytes.empty(), List.of(transforms));
    }

    private static Proposal esp(int number, Transform... transforms) {
        return new Proposal(number, ESP, THEIRS, List.of(transforms));
    }

    private static IkeProposal ikeOf(List<Cipher> ciphers, KeyExchangeMethod... methods) {
        return new IkeProposal(ciphers, List.of(), List.of(Prf.HMAC_SHA2_256), List.of(methods));
    }

    private static EspProposal espOf(List<Cipher> ciphers, KeyExchangeMethod... methods) {
        return new EspProposal(ciphers, List.of(), List.of(methods), List.of(ESN, NO_ESN));
    }

    private static Optional<String> suite(List<Proposal> offered, IkeProposal... ours) {
        return IkeChoice.choose(offered, List.of(ours), Optional.empty(), Bytes.empty())
                .map(choice -> choice.suite().toString());
    }

    private static Optional<EspChoice> choose(List<Proposal> offered, EspProposal... ours) {
        return EspChoice.choose(offered, List.of(ours), Optional.empty(), OURS);
    }

    @Holds({
        "7296-3.3-a",
        "7296-3.3-c",
        "7296-3.3-d",
        "7296-3.3-h",
        "7296-3.3.1-c",
        "7296-3.3.1-d",
        "7296-3.3.5-d",
        "7296-3.3.5-e"
    })
    @Test
    void offerNumbersProposalsFromOneAndListsAllTransforms_rfc7296_3_3_1() {
        List<Proposal> offer = IkeChoice.offer(
                List.of(ikeOf(List.of(GCM_256, CHACHA), CURVE25519), ikeOf(List.of(GCM_128), ECP_256)), Bytes.empty());
        assertThat(offer)
                .containsExactly(
                        ike(1, gcm(256), Transform.of(1, 28, 0), prf(5), method(31)),
                        ike(2, gcm(128), prf(5), method(19)));
        assertThat(EspChoice.offer(List.of(espOf(List.of(GCM_128), NONE)), OURS))
                .containsExactly(new Proposal(1, ESP, OURS.toBytes(), List.of(gcm(128), method(0), esn(1), esn(0))));
    }

    @Test
    void ourOrderDecidesNotThePeers_rfc7296_2_7() {
        List<Proposal> offered = List.of(
                ike(1, gcm(128), prf(5), method(31), method(19)), ike(2, gcm(256), gcm(128), prf(5), method(19)));
        assertThat(suite(offered, ikeOf(List.of(GCM_256, GCM_128), ECP_256, CURVE25519)))
                .contains("AES_GCM_16-128/PRF_HMAC_SHA2_256/ECP_256");
        assertThat(suite(offered, ikeOf(List.of(GCM_256), ECP_256), ikeOf(List.of(GCM_128), CURVE25519)))
                .contains("AES_GCM_16-256/PRF_HMAC_SHA2_256/ECP_256");
    }

    @Holds({
        "7296-2.7-a",
        "7296-2.7-b",
        "7296-2.7-d",
        "7296-3.3.1-e",
        "7296-3.3.6-a",
        "7296-3.3.6-b",
        "7296-3.3.6-c",
        "7296-3.3.6-d"
    })
    @Test
    void answerIsTheOfferedProposalCutToOneTransformOfEachType_rfc7296_2_7() {
        List<Proposal> offered =
                List.of(ike(1, prf(7)), ike(7, gcm(256), gcm(128), prf(5), prf(6), method(31), method(19)));
        IkeChoice choice = IkeChoice.choose(
                        offered, List.of(ikeOf(List.of(GCM_128), CURVE25519)), Optional.empty(), Bytes.empty())
                .orElseThrow();
        assertThat(choice.answer()).isEqualTo(ike(7, gcm(128), prf(5), method(31)));
    }

    /** It spares a round trip; but not where one end does not allow it. */
    @Test
    void methodOfTheKePayloadAtHandIsFavoured_rfc7296_1_2() {
        List<Proposal> offered = List.of(ike(1, gcm(256), prf(5), method(31), method(19)));
        IkeProposal ours = ikeOf(List.of(GCM_256), CURVE25519, ECP_256);
        assertThat(IkeChoice.choose(offered, List.of(ours), Optional.of(ECP_256), Bytes.empty())
                        .orElseThrow()
                        .suite()
                        .keyExchange())
                .isEqualTo(ECP_256);
        assertThat(IkeChoice.choose(
                                offered,
                                List.of(ikeOf(List.of(GCM_256), CURVE25519)),
                                Optional.of(ECP_256),
                                Bytes.empty())
                        .orElseThrow()
                        .suite()
                        .keyExchange())
                .isEqualTo(CURVE25519);
    }

    @Holds({"7296-3.3.3-a", "7296-3.3.4-d", "7296-3.3.4-e"})
    @Test
    void typeThatHasNothingInCommonRefusesTheProposal() {
        IkeProposal ours = ikeOf(List.of(GCM_256), CURVE25519);
        assertThat(suite(List.of(ike(1, gcm(128), prf(5), method(31))), ours)).isEmpty();
        assertThat(suite(List.of(ike(1, gcm(256), prf(6), method(31))), ours)).isEmpty();
        assertThat(suite(List.of(ike(1, gcm(256), prf(5), method(19))), ours)).isEmpty();
        assertThat(suite(List.of(ike(1, gcm(256), prf(5), integrity(12), method(31))), ours))
                .isEmpty();
        assertThat(suite(List.of(), ours)).isEmpty();
    }

    @Holds("7296-3.3.6-g")
    @Test
    void typeThatIsMissingRefusesTheProposal_rfc7296_3_3_3() {
        IkeProposal ours = ikeOf(List.of(GCM_256), CURVE25519);
        assertThat(suite(List.of(ike(1, prf(5), method(31))), ours)).isEmpty();
        assertThat(suite(List.of(ike(1, gcm(256), method(31))), ours)).isEmpty();
        assertThat(suite(List.of(ike(1, gcm(256), prf(5))), ours)).isEmpty();
    }

    @Test
    void integrityNoneAndNoIntegrityMeanTheSameWithCombinedModes_rfc7296_3_3_2() {
        IkeProposal ours = ikeOf(List.of(GCM_256), CURVE25519);
        assertThat(suite(List.of(ike(1, gcm(256), prf(5), integrity(0), method(31))), ours))
                .isPresent();
        assertThat(suite(List.of(ike(1, gcm(256), prf(5), method(31))), ours)).isPresent();
    }

    @Test
    void cbcNeedsIntegrity() {
        IkeProposal ours = new IkeProposal(
                List.of(CBC_128),
                List.of(Integrity.HMAC_SHA2_256_128),
                List.of(Prf.HMAC_SHA2_256),
                List.of(CURVE25519));
        Transform cbc = Transform.of(1, 12, 128);
        assertThat(suite(List.of(ike(1, cbc, prf(5), method(31))), ours)).isEmpty();
        assertThat(suite(List.of(ike(1, cbc, prf(5), integrity(0), method(31))), ours))
                .isEmpty();
        assertThat(suite(List.of(ike(1, cbc, prf(5), integrity(0), integrity(12), method(31))), ours))
                .contains("AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/CURVE25519");
    }

    @Holds("7296-3.3.6-g")
    @Test
    void unknownTransformTypeRefusesTheProposalButNotTheNext_rfc7296_3_3_6() {
        IkeProposal ours = ikeOf(List.of(GCM_256), CURVE25519);
        Proposal strange = ike(1, gcm(256), prf(5), method(31), Transform.of(99, 1, 0));
        assertThat(suite(List.of(strange), ours)).isEmpty();
        assertThat(suite(List.of(strange, ike(2, gcm(256), prf(5), method(31))), ours))
                .isPresent();
    }

    @Holds("7296-3.3.6-h")
    @Test
    void unknownIdOrAttributeRefusesTheTransformButNotTheProposal_rfc7296_3_3_6() {
        IkeProposal ours = ikeOf(List.of(GCM_256), CURVE25519);
        Transform odd = new Transform(1, 20, 256, Bytes.hex("80010001"));
        assertThat(suite(List.of(ike(1, odd, prf(5), method(31))), ours)).isEmpty();
        assertThat(suite(List.of(ike(1, odd, Transform.of(1, 999, 0), gcm(256), prf(5), method(31))), ours))
                .isPresent();
    }

    @Holds({"7296-2.13-a", "7296-3.3.5-f"})
    @Test
    void keyLengthMustBeSaidForAesAndMustNotForChaCha_rfc7296_3_3_5() {
        assertThat(suite(List.of(ike(1, gcm(0), prf(5), method(31))), ikeOf(List.of(GCM_256), CURVE25519)))
                .isEmpty();
        assertThat(suite(
                        List.of(ike(1, Transform.of(1, 28, 256), prf(5), method(31))),
                        ikeOf(List.of(CHACHA), CURVE25519)))
                .isEmpty();
        assertThat(suite(
                        List.of(ike(1, Transform.of(1, 28, 0), prf(5), method(31))),
                        ikeOf(List.of(CHACHA), CURVE25519)))
                .contains("CHACHA20_POLY1305-256/PRF_HMAC_SHA2_256/CURVE25519");
    }

    @Holds("7296-2.7-b")
    @Test
    void otherProtocolIsNoMatch() {
        assertThat(suite(
                        List.of(new Proposal(1, ESP, Bytes.empty(), List.of(gcm(256), prf(5), method(31)))),
                        ikeOf(List.of(GCM_256), CURVE25519)))
                .isEmpty();
        assertThat(choose(
                        List.of(new Proposal(1, 2, THEIRS, List.of(gcm(128), esn(0)))), espOf(List.of(GCM_128), NONE)))
                .isEmpty();
    }

    @Test
    void espChoiceKeepsThePeersSpiAndAnswersWithOurs() {
        EspChoice choice = choose(List.of(esp(3, gcm(128), esn(0), esn(1))), espOf(List.of(GCM_128), NONE))
                .orElseThrow();
        assertThat(choice.peerSpi()).isEqualTo(new EspSpi(0xd0000002));
        assertThat(choice.suite()).isEqualTo(new EspSuite(AES_GCM_16, 128, Integrity.NONE, true));
        assertThat(choice.keyExchange()).isEqualTo(NONE);
        assertThat(choice.answer()).isEqualTo(new Proposal(3, ESP, OURS.toBytes(), List.of(gcm(128), esn(1))));
    }

    @Test
    void unusableSpiRefusesTheProposal_rfc4303_2_1() {
        for (String spi : List.of("000000ff", "00000000", "", "0102", "0102030405060708")) {
            Proposal offered = new Proposal(1, ESP, Bytes.hex(spi), List.of(gcm(128), esn(0)));
            assertThat(choose(List.of(offered), espOf(List.of(GCM_128), NONE))).isEmpty();
        }
    }

    @Test
    void keyExchangeOfEspMayBeLeftOutOnlyWhereBothAllowIt() {
        EspProposal either = espOf(List.of(GCM_128), CURVE25519, NONE);
        EspProposal always = espOf(List.of(GCM_128), CURVE25519);
        EspProposal never = espOf(List.of(GCM_128));
        List<Proposal> without = List.of(esp(1, gcm(128), esn(0)));
        List<Proposal> with = List.of(esp(1, gcm(128), method(31), esn(0)));
        List<Proposal> both = List.of(esp(1, gcm(128), method(31), method(0), esn(0)));
        assertThat(choose(without, either).orElseThrow().keyExchange()).isEqualTo(NONE);
        assertThat(choose(without, always)).isEmpty();
        assertThat(choose(with, either).orElseThrow().keyExchange()).isEqualTo(CURVE25519);
        assertThat(choose(with, never)).isEmpty();
        assertThat(choose(both, never).orElseThrow().keyExchange()).isEqualTo(NONE);
        assertThat(EspChoice.choose(both, List.of(either), Optional.empty(), OURS)
                        .orElseThrow()
                        .keyExchange())
                .isEqualTo(CURVE25519);
    }

    @Holds("7296-1.2-f")
    @Test
    void ikeAuthOffersNoKeyExchangeAndOverlooksOne_rfc7296_1_2() {
        List<EspProposal> ours = EspChoice.withoutKeyExchange(List.of(espOf(List.of(GCM_128), CURVE25519)));
        assertThat(EspChoice.offer(ours, OURS))
                .allMatch(proposal -> proposal.transforms().stream().noneMatch(transform -> transform.type() == 4));
        List<Proposal> offered = EspChoice.stripKeyExchange(List.of(esp(1, gcm(128), method(19), esn(0))));
        assertThat(EspChoice.choose(offered, ours, Optional.empty(), OURS)).isPresent();
    }

    @Holds("9611-3-a")
    @ParameterizedTest
    @EnumSource(SequenceNumbers.class)
    void furtherSasOfASetOfferItsAlgorithmsAlone_rfc9611_3(SequenceNumbers numbers) {
        EspSuite suite = new EspSuite(AES_GCM_16, 256, Integrity.NONE, numbers == ESN);
        List<EspProposal> same =
                EspChoice.sameSuite(suite, List.of(espOf(List.of(GCM_128, GCM_256), CURVE25519, NONE)));
        assertThat(EspChoice.offer(same, OURS))
                .containsExactly(new Proposal(
                        1, ESP, OURS.toBytes(), List.of(gcm(256), method(31), method(0), esn(numbers.code()))));
    }

    @Holds({"7296-3.3-e", "7296-3.3-f", "7296-3.3-g"})
    @Test
    void defaultOfferNamesNoAlgorithmTwiceAndKeepsCombinedModesApart_rfc7296_3_3() {
        List<Proposal> offer = IkeChoice.offer(DefaultProposals.IKE, Bytes.empty());
        assertThat(offer).allSatisfy(proposal -> {
            assertThat(proposal.transforms()).doesNotHaveDuplicates();
            // One attribute at most: Key Length.
            assertThat(proposal.transforms())
                    .allMatch(transform -> transform.otherAttributes().isEmpty());
            boolean combined =
                    proposal.transforms().stream().anyMatch(transform -> transform.type() == 1 && transform.id() != 12);
            boolean integrity = proposal.transforms().stream().anyMatch(transform -> transform.type() == 3);
            assertThat(combined).isNotEqualTo(integrity);
        });
        assertThat(IkeChoice.choose(offer, DefaultProposals.IKE, Optional.empty(), Bytes.empty()))
                .isPresent();
    }

    private static IkeProposal additionalOf(KeyExchangeMethod... first) {
        return new IkeProposal(
                List.of(GCM_128), List.of(), List.of(Prf.HMAC_SHA2_256), List.of(CURVE25519), List.of(List.of(first)));
    }

    private static Transform additional(int number, int id) {
        return Transform.of(5 + number, id, 0);
    }

    @Test
    void additionalKeyExchangesThatAreNotNamedAreNone_rfc9370_2_2_1() {
        Proposal plain = ike(1, gcm(128), prf(5), method(31));
        assertThat(suite(List.of(plain), additionalOf(ECP_256, NONE))).isPresent();
        assertThat(suite(List.of(plain), additionalOf(ECP_256))).isEmpty();
        Proposal optional = ike(1, gcm(128), prf(5), method(31), additional(7, 19), additional(7, 0));
        assertThat(suite(List.of(optional), additionalOf(NONE))).isPresent();
        Proposal wanted = ike(1, gcm(128), prf(5), method(31), additional(7, 19));
        assertThat(suite(List.of(wanted), additionalOf(ECP_256, NONE))).isEmpty();
    }

    @Test
    void noMethodIsTakenTwice_rfc9370_2_2_1() {
        Proposal twice = ike(1, gcm(128), prf(5), method(31), additional(1, 31), additional(1, 19));
        assertThat(suite(List.of(twice), additionalOf(CURVE25519, ECP_256)).orElseThrow())
                .endsWith("/CURVE25519+ECP_256");
        assertThat(suite(List.of(twice), additionalOf(CURVE25519))).isEmpty();
    }

    @Test
    void withoutAdditionalKeyExchangesThoseRemainThatAreOptional_rfc9370_2_2_1() {
        IkeProposal plain = ikeOf(List.of(GCM_128), CURVE25519);
        assertThat(IkeProposal.withoutAdditional(List.of(additionalOf(ECP_256), additionalOf(ECP_256, NONE), plain)))
                .containsExactly(plain, plain);
    }

    @Test
    void thereAreSevenAdditionalKeyExchangesAtMost_rfc9370_2_2_1() {
        assertThatThrownBy(() -> new IkeProposal(
                        List.of(GCM_128),
                        List.of(),
                        List.of(Prf.HMAC_SHA2_256),
                        List.of(CURVE25519),
                        Collections.nCopies(8, List.of(NONE))))
                .hasMessage("8 additional key exchanges");
    }
}
