package org.ikev2d.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Recording;
import org.ikev2d.core.vectors.Vectors;
import org.ikev2d.core.wire.IkeSpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7296 §2.13, §2.14, §2.17 and §2.18 against NIST's records. */
final class KeyScheduleTest {
    private final Algorithms algorithms = new JcaAlgorithms(new SystemEntropy());

    record Nist(Prf prf, int number, JsonObject json) {
        Bytes hex(String field) {
            return Fields.hex(json, field);
        }

        Secret secret(String field) {
            return Secret.of(hex(field));
        }

        IkeSpi spi(String field) {
            return new IkeSpi(Long.parseUnsignedLong(json.getString(field), 16));
        }

        @Override
        public String toString() {
            return prf + " " + number + ", " + hex("Ni").size() + " octets of Ni";
        }
    }

    static Stream<Nist> nist() {
        return Fields.objects(Vectors.json(Vectors.own("kdf/ikev2-kdf-cavs-sample.json"))
                        .getArray("groups"))
                .filter(group -> !group.getString("hash").equals("SHA-1"))
                .flatMap(group -> Fields.objects(group.getArray("tests"))
                        .map(json -> new Nist(
                                Prf.valueOf(
                                        "HMAC_SHA2_" + group.getString("hash").substring("SHA-".length())),
                                json.getInt("count"),
                                json)));
    }

    /** As many octets as the PRF's longest record has: 32 + 32, 32 + 48 and 32 + 64 each way. */
    private static Integrity integrityFor(Prf prf) {
        return switch (prf) {
            case HMAC_SHA2_256 -> Integrity.HMAC_SHA2_256_128;
            case HMAC_SHA2_384 -> Integrity.HMAC_SHA2_384_192;
            case HMAC_SHA2_512 -> Integrity.HMAC_SHA2_512_256;
        };
    }

    private static IkeSuite suiteFor(Prf prf) {
        return new IkeSuite(EncryptionAlgorithm.AES_CBC, 256, integrityFor(prf), prf, KeyExchangeMethod.CURVE25519);
    }

    @ParameterizedTest
    @MethodSource("nist")
    void skeyseedAndKeyingMaterialAreNists(Nist nist) {
        Bytes ni = nist.hex("Ni");
        Bytes nr = nist.hex("Nr");
        Bytes spis = Bytes.concat(nist.hex("SPIi"), nist.hex("SPIr"));
        int skDSize = KeySizes.prf(nist.prf);
        try (Secret nonces = Secret.of(ni, nr);
                Secret shared = nist.secret("g_ir");
                Secret sharedNew = nist.secret("g_ir_new");
                Secret skD = Secret.of(nist.hex("DKM").slice(0, skDSize));
                Secret rekeyData = sharedNew.followedBy(ni, nr);
                Secret skeyseed = algorithms.prf(nist.prf, nonces, shared);
                Secret rekeyed = algorithms.prf(nist.prf, skD, rekeyData)) {
            assertThat(octets(skeyseed)).isEqualTo(nist.hex("SKEYSEED"));
            assertThat(octets(rekeyed)).isEqualTo(nist.hex("SKEYSEED_rekey"));
            Bytes dkm = nist.hex("DKM");
            assertThat(octets(algorithms.prfPlus(nist.prf, skeyseed, dkm.size(), ni, nr, spis)))
                    .isEqualTo(dkm);
            Bytes child = nist.hex("DKM_child");
            assertThat(octets(algorithms.prfPlus(nist.prf, skD, child.size(), ni, nr)))
                    .isEqualTo(child);
            Bytes childWithKe = nist.hex("DKM_child_dh");
            assertThat(octets(algorithms.prfPlus(nist.prf, skD, childWithKe.size(), rekeyData)))
                    .isEqualTo(childWithKe);
        }
    }

    @Holds({"7296-2.13-c", "7296-2.14-a"})
    @ParameterizedTest
    @MethodSource("nist")
    void keysAreCutFromNistsMaterialInOrder_rfc7296_2_14(Nist nist) {
        try (Secret shared = nist.secret("g_ir");
                IkeKeys keys = IkeKeys.derive(
                        algorithms,
                        suiteFor(nist.prf),
                        shared,
                        nist.hex("Ni"),
                        nist.hex("Nr"),
                        nist.spi("SPIi"),
                        nist.spi("SPIr"))) {
            assertSameStart(concat(keys), nist.hex("DKM"));
            assertThat(shared.isClosed()).isFalse();
        }
    }

    @Holds({"7296-2.17-a", "7296-2.17-b", "7296-2.17-c"})
    @ParameterizedTest
    @MethodSource("nist")
    void childKeysAreCutFromNistsMaterialInOrder_rfc7296_2_17(Nist nist) {
        EspSuite suite = new EspSuite(EncryptionAlgorithm.AES_CBC, 256, integrityFor(nist.prf), false);
        try (Secret skD = Secret.of(nist.hex("DKM").slice(0, KeySizes.prf(nist.prf)));
                Secret sharedNew = nist.secret("g_ir_new");
                ChildKeys without = ChildKeys.derive(
                        algorithms, nist.prf, skD, suite, Optional.empty(), nist.hex("Ni"), nist.hex("Nr"));
                ChildKeys with = ChildKeys.derive(
                        algorithms, nist.prf, skD, suite, Optional.of(sharedNew), nist.hex("Ni"), nist.hex("Nr"))) {
            assertSameStart(concat(without), nist.hex("DKM_child"));
            assertSameStart(concat(with), nist.hex("DKM_child_dh"));
            assertThat(sharedNew.isClosed()).isFalse();
        }
    }

    @Test
    void rekeyingUsesTheOldPrfForSkeyseedAndTheNewOneBehindIt_rfc7296_2_18() {
        Bytes ni = Bytes.hex("a1".repeat(16));
        Bytes nr = Bytes.hex("a2".repeat(32));
        IkeSpi spiI = new IkeSpi(0x1122334455667788L);
        IkeSpi spiR = new IkeSpi(0x99aabbccddeeff00L);
        try (Secret oldSkD = Secret.of(Bytes.hex("5d".repeat(32)));
                Secret shared = Secret.of(Bytes.hex("67".repeat(32)));
                Secret data = shared.followedBy(ni, nr);
                Secret skeyseed = algorithms.prf(Prf.HMAC_SHA2_256, oldSkD, data);
                Secret stream = algorithms.prfPlus(
                        Prf.HMAC_SHA2_512, skeyseed, 384, ni, nr, Bytes.hex("112233445566778899aabbccddeeff00"));
                IkeKeys keys = IkeKeys.deriveRekeyed(
                        algorithms,
                        suiteFor(Prf.HMAC_SHA2_512),
                        Prf.HMAC_SHA2_256,
                        oldSkD,
                        shared,
                        ni,
                        nr,
                        spiI,
                        spiR)) {
            assertThat(concat(keys)).isEqualTo(octets(stream));
        }
    }

    @Test
    void prfPlusEndsAfter255Blocks_rfc7296_2_13() {
        try (Secret key = Secret.of(Bytes.hex("01"))) {
            try (Secret longest = algorithms.prfPlus(Prf.HMAC_SHA2_256, key, 255 * 32, Bytes.hex("02"))) {
                Bytes tail = octets(longest).slice(253 * 32, 255 * 32);
                Bytes last = octets(
                        algorithms.prf(Prf.HMAC_SHA2_256, key, tail.slice(0, 32), Bytes.hex("02"), Bytes.hex("ff")));
                assertThat(tail.slice(32, 64)).isEqualTo(last);
            }
            assertThatThrownBy(() -> algorithms.prfPlus(Prf.HMAC_SHA2_256, key, 255 * 32 + 1, Bytes.hex("02")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nothingButTheKeysIsLeftOpenWhateverFails(int failingCall) {
        WatchedAlgorithms watched = new WatchedAlgorithms(new SystemEntropy(), failingCall);
        Bytes nonce = Bytes.hex("a1".repeat(32));
        IkeSpi spi = new IkeSpi(7);
        try (Secret shared = Secret.of(Bytes.hex("67".repeat(32)));
                Secret oldSkD = Secret.of(Bytes.hex("5d".repeat(32)))) {
            run(
                    failingCall,
                    () -> IkeKeys.derive(watched, suiteFor(Prf.HMAC_SHA2_256), shared, nonce, nonce, spi, spi));
            assertThat(watched.open()).isSubsetOf(shared);
            WatchedAlgorithms rekeying = new WatchedAlgorithms(new SystemEntropy(), failingCall);
            run(
                    failingCall,
                    () -> IkeKeys.deriveRekeyed(
                            rekeying,
                            suiteFor(Prf.HMAC_SHA2_256),
                            Prf.HMAC_SHA2_256,
                            oldSkD,
                            shared,
                            nonce,
                            nonce,
                            spi,
                            spi));
            assertThat(rekeying.open()).isSubsetOf(oldSkD);
            WatchedAlgorithms child = new WatchedAlgorithms(new SystemEntropy(), Math.min(failingCall, 1));
            run(
                    Math.min(failingCall, 1),
                    () -> ChildKeys.derive(
                            child,
                            Prf.HMAC_SHA2_256,
                            oldSkD,
                            new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, true),
                            Optional.of(shared),
                            nonce,
                            nonce));
            assertThat(child.open()).isSubsetOf(oldSkD);
        }
    }

    private static void run(int failingCall, Supplier<? extends AutoCloseable> derivation) {
        if (failingCall > 0) {
            assertThatThrownBy(derivation::get).isInstanceOf(WatchedAlgorithms.PlannedFailure.class);
        } else {
            assertThat(derivation.get()).isNotNull();
        }
    }

    @Holds("7296-2.12-a")
    @Test
    void closingKeysClosesEachOfThem() {
        IkeKeys keys = Recording.ikeKeys(new JsonObject());
        ChildKeys child = new ChildKeys(new EspKeys(Secret.of(), Secret.of()), new EspKeys(Secret.of(), Secret.of()));

        keys.close();
        child.close();

        assertThat(Stream.of(
                        keys.skD(),
                        keys.skAi(),
                        keys.skAr(),
                        keys.skEi(),
                        keys.skEr(),
                        keys.skPi(),
                        keys.skPr(),
                        child.initiatorToResponder().encryption(),
                        child.initiatorToResponder().integrity(),
                        child.responderToInitiator().encryption(),
                        child.responderToInitiator().integrity()))
                .allMatch(Secret::isClosed);
    }

    @Test
    void whatDoesNotGoTogetherIsNoSuite() {
        assertThatThrownBy(() -> new EspSuite(EncryptionAlgorithm.AES_CBC, 128, Integrity.NONE, false))
                .hasMessage("AES_CBC does not go with integrity NONE");
        assertThatThrownBy(() -> new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.HMAC_SHA2_256_128, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EspSuite(EncryptionAlgorithm.CHACHA20_POLY1305, 128, Integrity.NONE, false))
                .hasMessage("CHACHA20_POLY1305 has no keys of 128 bits");
    }

    /** NIST's records are 132 or 384 octets long, whatever a suite takes. */
    private static void assertSameStart(Bytes ours, Bytes nists) {
        int size = Math.min(ours.size(), nists.size());
        assertThat(ours.slice(0, size)).isEqualTo(nists.slice(0, size));
    }

    private static Bytes octets(Secret secret) {
        return secret.use(Bytes::of);
    }

    private static Bytes concat(IkeKeys keys) {
        return Bytes.concat(
                octets(keys.skD()),
                octets(keys.skAi()),
                octets(keys.skAr()),
                octets(keys.skEi()),
                octets(keys.skEr()),
                octets(keys.skPi()),
                octets(keys.skPr()));
    }

    private static Bytes concat(ChildKeys keys) {
        return Bytes.concat(
                octets(keys.initiatorToResponder().encryption()),
                octets(keys.initiatorToResponder().integrity()),
                octets(keys.responderToInitiator().encryption()),
                octets(keys.responderToInitiator().integrity()));
    }
}
