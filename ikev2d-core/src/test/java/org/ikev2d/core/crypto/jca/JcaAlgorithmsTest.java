package org.ikev2d.core.crypto.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class JcaAlgorithmsTest {
    private final Algorithms algorithms = new JcaAlgorithms(new SystemEntropy());

    static Stream<JsonObject> hmac() {
        return Fields.objects(
                Vectors.json(Vectors.own("prf/hmac-sha2-rfc4231.json")).getArray("tests"));
    }

    /** Test case 5 gives 128 bits only. */
    @Holds("7296-1.7-c")
    @ParameterizedTest
    @MethodSource("hmac")
    void prfIsHmac_rfc4231_4(JsonObject test) {
        try (Secret key = Secret.of(Fields.hex(test, "Key"))) {
            Bytes data = Fields.hex(test, "Data");
            assertStarts(algorithms.prf(Prf.HMAC_SHA2_256, key, data), Fields.hex(test, "HMAC-SHA-256"));
            assertStarts(algorithms.prf(Prf.HMAC_SHA2_384, key, data), Fields.hex(test, "HMAC-SHA-384"));
            assertStarts(algorithms.prf(Prf.HMAC_SHA2_512, key, data), Fields.hex(test, "HMAC-SHA-512"));
        }
    }

    private static void assertStarts(Secret actual, Bytes expected) {
        assertThat(octets(actual).slice(0, expected.size())).isEqualTo(expected);
    }

    @Test
    void partsOfDataAreJoined() {
        try (Secret key = Secret.of(ascii("Jefe"))) {
            assertThat(octets(algorithms.prf(
                            Prf.HMAC_SHA2_256, key, ascii("what do ya want "), Bytes.empty(), ascii("for nothing?"))))
                    .isEqualTo(Bytes.hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
        }
        assertThat(algorithms.sha1(ascii("a"), ascii("bc")))
                .isEqualTo(Bytes.hex("a9993e364706816aba3e25717850c26c9cd0d89d"));
    }

    @Test
    void checksumsAreHalfTheHmac_rfc4868_2_7_2() {
        assertChecksum(Integrity.HMAC_SHA2_256_128, 32, "198a607eb44bfbc69903a0f1cf2bbdc5");
        assertChecksum(Integrity.HMAC_SHA2_384_192, 48, "b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973");
        assertChecksum(
                Integrity.HMAC_SHA2_512_256, 64, "637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8");
    }

    private void assertChecksum(Integrity integrity, int keySize, String expected) {
        try (Secret key = Secret.of(Bytes.hex("0b".repeat(keySize)))) {
            assertThat(octets(algorithms.checksum(integrity, key, ascii("Hi There"))))
                    .isEqualTo(Bytes.hex(expected));
        }
    }

    @Test
    void checksumsTakeKeysOfTheirOneLength_rfc4868_2_1_1() {
        try (Secret key = Secret.of(Bytes.hex("0b".repeat(48)));
                Secret none = Secret.of()) {
            assertThatThrownBy(() -> algorithms.checksum(Integrity.HMAC_SHA2_256_128, key, Bytes.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> algorithms.checksum(Integrity.NONE, none, Bytes.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sealsAndOpensChaCha20Poly1305_rfc7634_A() {
        JsonObject json = Vectors.json(Vectors.own("esp/chacha20poly1305-esp-ikev2-rfc7634.json"));
        assertSealed(
                EncryptionAlgorithm.CHACHA20_POLY1305,
                Fields.hex(json.getObject("esp"), "keymat"),
                Fields.hex(json.getObject("esp"), "nonce").slice(4, 12),
                json.getObject("esp"));
        assertSealed(
                EncryptionAlgorithm.CHACHA20_POLY1305,
                Fields.hex(json.getObject("ikev2"), "key"),
                Fields.hex(json.getObject("ikev2"), "iv"),
                json.getObject("ikev2"));
    }

    private void assertSealed(EncryptionAlgorithm algorithm, Bytes keymat, Bytes iv, JsonObject json) {
        Bytes sealed = Bytes.concat(Fields.hex(json, "ciphertext"), Fields.hex(json, "tag"));
        try (Secret key = Secret.of(keymat)) {
            assertThat(algorithms.seal(algorithm, key, iv, Fields.hex(json, "aad"), Fields.hex(json, "plaintext")))
                    .isEqualTo(sealed);
            assertThat(algorithms.open(algorithm, key, iv, Fields.hex(json, "aad"), sealed))
                    .contains(Fields.hex(json, "plaintext"));
        }
    }

    static Stream<JsonObject> esp() {
        return Fields.objects(
                        Vectors.json(Vectors.own("esp/dpdk-esp-tunnel.json")).getArray("tests"))
                .filter(test -> !test.getString("name").contains("ctr"));
    }

    /** Packets are outer IP header, SPI, sequence number, IV, ciphertext and checksum. */
    @ParameterizedTest
    @MethodSource("esp")
    void decryptsEspPackets(JsonObject test) {
        Bytes packet = Fields.hex(test, "output_text");
        Bytes iv = Fields.hex(test, "iv");
        Bytes inner = Fields.hex(test, "input_text");
        int esp = packet.at(0) >> 4 == 4 ? 20 : 40;
        int ciphertext = esp + 8 + iv.size();
        Bytes plaintext;
        if (test.getString("name").contains("gcm")) {
            try (Secret key = Secret.of(Fields.hex(test, "key"), Fields.hex(test, "salt"))) {
                plaintext = algorithms
                        .open(
                                EncryptionAlgorithm.AES_GCM_16,
                                key,
                                iv,
                                packet.slice(esp, esp + 8),
                                packet.slice(ciphertext, packet.size()))
                        .orElseThrow();
            }
        } else {
            try (Secret key = Secret.of(Fields.hex(test, "key"))) {
                plaintext = algorithms.decryptCbc(key, iv, packet.slice(ciphertext, packet.size() - 16));
            }
        }
        assertThat(plaintext.slice(0, inner.size())).isEqualTo(inner);
    }

    static Stream<JsonObject> cbc() {
        return Fields.objects(
                Vectors.json(Vectors.own("esp/aes-cbc-esp-rfc3602.json")).getArray("cbc"));
    }

    @ParameterizedTest
    @MethodSource("cbc")
    void encryptsAndDecryptsCbc_rfc3602_4(JsonObject test) {
        try (Secret key = Secret.of(Fields.hex(test, "key"))) {
            Bytes iv = Fields.hex(test, "iv");
            assertThat(algorithms.encryptCbc(key, iv, Fields.hex(test, "plaintext")))
                    .isEqualTo(Fields.hex(test, "ciphertext"));
            assertThat(algorithms.decryptCbc(key, iv, Fields.hex(test, "ciphertext")))
                    .isEqualTo(Fields.hex(test, "plaintext"));
        }
    }

    static Stream<JsonObject> cbcEsp() {
        return Fields.objects(
                Vectors.json(Vectors.own("esp/aes-cbc-esp-rfc3602.json")).getArray("esp"));
    }

    @ParameterizedTest
    @MethodSource("cbcEsp")
    void decryptsEspPackets_rfc3602_4(JsonObject test) {
        try (Secret key = Secret.of(Fields.hex(test, "key"))) {
            assertThat(algorithms.decryptCbc(key, Fields.hex(test, "iv"), Fields.hex(test, "ciphertext")))
                    .isEqualTo(Fields.hex(test, "plaintext_padded"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = EncryptionAlgorithm.class,
            names = {"AES_GCM_16", "CHACHA20_POLY1305"})
    void whatIsNotAsItWasSealedDoesNotOpen(EncryptionAlgorithm algorithm) {
        Bytes iv = Bytes.hex("0000000000000001");
        Bytes associated = ascii("header");
        try (Secret key = Secret.of(Bytes.hex("5e".repeat(36)))) {
            Bytes sealed = algorithms.seal(algorithm, key, iv, associated, ascii("text"));

            assertThat(sealed.size()).isEqualTo(4 + 16);
            assertThat(algorithms.open(algorithm, key, iv, associated, sealed)).contains(ascii("text"));
            assertThat(algorithms.open(algorithm, key, Bytes.hex("0000000000000002"), associated, sealed))
                    .isEmpty();
            assertThat(algorithms.open(algorithm, key, iv, ascii("Header"), sealed))
                    .isEmpty();
            assertThat(algorithms.open(algorithm, key, iv, associated, sealed.slice(0, 19)))
                    .isEmpty();
            assertThat(algorithms.open(algorithm, key, iv, associated, sealed.slice(0, 15)))
                    .isEmpty();
            assertThat(algorithms.open(algorithm, key, iv, associated, Bytes.empty()))
                    .isEmpty();
        }
    }

    @Test
    void wrongSizesAreOurBugs() {
        try (Secret key = Secret.of(Bytes.hex("5e".repeat(36)));
                Secret odd = Secret.of(Bytes.hex("5e".repeat(21)))) {
            assertThatThrownBy(() -> algorithms.seal(
                            EncryptionAlgorithm.AES_GCM_16,
                            odd,
                            Bytes.hex("00".repeat(8)),
                            Bytes.empty(),
                            Bytes.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> algorithms.seal(
                            EncryptionAlgorithm.AES_GCM_16,
                            key,
                            Bytes.hex("00".repeat(12)),
                            Bytes.empty(),
                            Bytes.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> algorithms.seal(
                            EncryptionAlgorithm.AES_CBC, key, Bytes.hex("00".repeat(8)), Bytes.empty(), Bytes.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> algorithms.encryptCbc(key, Bytes.hex("00".repeat(16)), ascii("not a block")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> algorithms.keyExchange(KeyExchangeMethod.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Holds("7296-2.10-a")
    @Test
    void entropyGivesOtherOctetsEachTime() {
        SystemEntropy entropy = new SystemEntropy();

        assertThat(entropy.octets(32)).hasSize(32).isNotEqualTo(entropy.octets(32));
        assertThat(entropy.octets(0)).isEmpty();
    }

    private static Bytes ascii(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Bytes octets(Secret secret) {
        return secret.use(Bytes::of);
    }
}
