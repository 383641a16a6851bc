package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.Cipher;
import org.ikev2d.core.policy.DefaultProposals;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.SequenceNumbers;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ends agree on every suite that we know, and traffic flows over it. */
final class SuitesTest {
    private static final Cipher GCM = new Cipher(EncryptionAlgorithm.AES_GCM_16, 128);

    private static List<Cipher> ciphers() {
        return List.of(
                GCM,
                new Cipher(EncryptionAlgorithm.AES_GCM_16, 256),
                new Cipher(EncryptionAlgorithm.CHACHA20_POLY1305, 256),
                new Cipher(EncryptionAlgorithm.AES_CBC, 128),
                new Cipher(EncryptionAlgorithm.AES_CBC, 256));
    }

    /** Each cipher with every integrity algorithm that goes with it. */
    static Stream<Arguments> ciphersAndIntegrity() {
        List<Arguments> all = new ArrayList<>();
        for (Cipher cipher : ciphers()) {
            if (cipher.isAead()) {
                all.add(Arguments.of(cipher, List.of()));
            } else {
                for (Integrity integrity : Integrity.values()) {
                    if (integrity != Integrity.NONE) {
                        all.add(Arguments.of(cipher, List.of(integrity)));
                    }
                }
            }
        }
        return all.stream();
    }

    private static void establish(IkeProposal ike, EspProposal esp, String ikeSuite, String espSuite) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().both(draft -> draft.ike(ike).esp(esp));
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(2), Cpus.firstOnes(2))
                    .start()
                    .untilWhole();
            assertThat(pair.left().children()).hasSize(3);
            for (End end : List.of(pair.left(), pair.right())) {
                assertThat(end.status().ikeSuite()).isEqualTo(ikeSuite);
                assertThat(end.children()).extracting(ChildStatus::suite).containsOnly(espSuite);
            }
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    private static IkeProposal ike(Cipher cipher, List<Integrity> integrity, Prf prf, KeyExchangeMethod method) {
        return new IkeProposal(List.of(cipher), integrity, List.of(prf), List.of(method));
    }

    private static EspProposal esp(
            Cipher cipher, List<Integrity> integrity, KeyExchangeMethod method, SequenceNumbers numbers) {
        return new EspProposal(List.of(cipher), integrity, List.of(method), List.of(numbers));
    }

    private static String name(Cipher cipher, List<Integrity> integrity) {
        return cipher.algorithm() + "-" + cipher.keyBits() + (integrity.isEmpty() ? "" : "/" + integrity.get(0));
    }

    /** In IKE_SA_INIT, and again for each per-CPU SA. */
    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void everyKeyExchangeMethodMakesTheSet(KeyExchangeMethod method) {
        establish(
                ike(GCM, List.of(), Prf.HMAC_SHA2_256, method),
                esp(GCM, List.of(), method, SequenceNumbers.NO_ESN),
                "AES_GCM_16-128/PRF_HMAC_SHA2_256/" + method,
                "AES_GCM_16-128");
    }

    @ParameterizedTest
    @EnumSource(Prf.class)
    void everyPrfMakesTheSet(Prf prf) {
        establish(
                ike(GCM, List.of(), prf, KeyExchangeMethod.CURVE25519),
                esp(GCM, List.of(), KeyExchangeMethod.CURVE25519, SequenceNumbers.ESN),
                "AES_GCM_16-128/PRF_" + prf + "/CURVE25519",
                "AES_GCM_16-128/ESN");
    }

    @ParameterizedTest
    @MethodSource("ciphersAndIntegrity")
    void everyCipherProtectsIke(Cipher cipher, List<Integrity> integrity) {
        establish(
                ike(cipher, integrity, Prf.HMAC_SHA2_256, KeyExchangeMethod.CURVE25519),
                esp(GCM, List.of(), KeyExchangeMethod.NONE, SequenceNumbers.NO_ESN),
                name(cipher, integrity) + "/PRF_HMAC_SHA2_256/CURVE25519",
                "AES_GCM_16-128");
    }

    @ParameterizedTest
    @MethodSource("ciphersAndIntegrity")
    void everyCipherProtectsTrafficWithEitherKindOfSequenceNumbers(Cipher cipher, List<Integrity> integrity) {
        for (SequenceNumbers numbers : SequenceNumbers.values()) {
            establish(
                    ike(GCM, List.of(), Prf.HMAC_SHA2_256, KeyExchangeMethod.CURVE25519),
                    esp(cipher, integrity, KeyExchangeMethod.NONE, numbers),
                    "AES_GCM_16-128/PRF_HMAC_SHA2_256/CURVE25519",
                    name(cipher, integrity) + (numbers == SequenceNumbers.ESN ? "/ESN" : ""));
        }
    }

    @Test
    void defaultProposalsTakeTheBestOfEach() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair()
                    .both(draft -> draft.ike(DefaultProposals.IKE.toArray(IkeProposal[]::new))
                            .esp(DefaultProposals.ESP.toArray(EspProposal[]::new)));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            assertThat(pair.left().status().ikeSuite()).isEqualTo("AES_GCM_16-256/PRF_HMAC_SHA2_256/CURVE25519");
            assertThat(pair.left().children()).extracting(ChildStatus::suite).containsOnly("AES_GCM_16-256/ESN");
        });
    }

    /** The responder's order decides among what is offered. */
    @Test
    void whatIsCommonIsFoundThoughTheOrdersDiffer() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            Cipher chacha = new Cipher(EncryptionAlgorithm.CHACHA20_POLY1305, 256);
            Cipher cbc = new Cipher(EncryptionAlgorithm.AES_CBC, 128);
            List<Prf> prfs = List.of(Prf.HMAC_SHA2_512, Prf.HMAC_SHA2_384);
            List<KeyExchangeMethod> methods = List.of(KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_256);
            tunnels.left()
                    .ike(
                            new IkeProposal(List.of(cbc), List.of(Integrity.HMAC_SHA2_256_128), prfs, methods),
                            new IkeProposal(List.of(GCM, chacha), List.of(), prfs, methods));
            tunnels.right()
                    .ike(new IkeProposal(
                            List.of(chacha, GCM), List.of(), List.of(Prf.HMAC_SHA2_384), List.of(methods.get(0))));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            assertThat(pair.right().status().ikeSuite())
                    .isEqualTo("CHACHA20_POLY1305-256/PRF_HMAC_SHA2_384/CURVE25519");
        });
    }
}
