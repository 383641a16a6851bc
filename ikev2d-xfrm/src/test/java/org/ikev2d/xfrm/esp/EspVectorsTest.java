package org.ikev2d.xfrm.esp;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Vectors;
import org.ikev2d.core.wire.EspSpi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ESP packets that RFCs and DPDK show are opened, and made again octet by octet. */
final class EspVectorsTest {
    private static final EspSuite CHACHA20 =
            new EspSuite(EncryptionAlgorithm.CHACHA20_POLY1305, 256, Integrity.NONE, false);

    /**
     * @param packet SPI to ICV
     * @param inner the packet in it
     * @param icv whether one is there: RFC 3602 shows packets without, whose integrity key is any
     */
    record Vector(
            String name,
            EspSuite suite,
            Bytes encryptionKey,
            Bytes integrityKey,
            Bytes packet,
            Bytes inner,
            boolean icv) {
        EspKeys keys() {
            return new EspKeys(Secret.of(encryptionKey), Secret.of(integrityKey));
        }

        int spi() {
            return (int) EspCipher.INT.get(packet.toArray(), 0);
        }

        int sequence() {
            return (int) EspCipher.INT.get(packet.toArray(), 4);
        }

        int nextHeader() {
            return inner.at(0) >> 4 == 4 ? EspSamples.IPV4 : EspSamples.IPV6;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Vector> vectors() {
        return Stream.of(rfc7634(), dpdk(), rfc3602()).flatMap(vectors -> vectors);
    }

    /** SPIs below 256 are no SA's. */
    static List<Vector> ofUsableSpis() {
        return vectors()
                .filter(vector -> Integer.compareUnsigned(vector.spi(), 255) > 0)
                .toList();
    }

    private static Stream<Vector> rfc7634() {
        JsonObject esp = Vectors.json(Vectors.own("esp/chacha20poly1305-esp-ikev2-rfc7634.json"))
                .getObject("esp");
        return Stream.of(new Vector(
                "RFC 7634 appendix A",
                CHACHA20,
                Fields.hex(esp, "keymat"),
                Bytes.empty(),
                withoutOuterHeader(Fields.hex(esp, "esp_ip_packet")),
                Fields.hex(esp, "source_packet"),
                true));
    }

    private static Stream<Vector> dpdk() {
        return Fields.objects(
                        Vectors.json(Vectors.own("esp/dpdk-esp-tunnel.json")).getArray("tests"))
                .filter(test -> !test.getArray("alg").contains("RTE_CRYPTO_CIPHER_AES_CTR"))
                .map(EspVectorsTest::dpdk);
    }

    private static Vector dpdk(JsonObject test) {
        boolean gcm = test.getArray("alg").contains("RTE_CRYPTO_AEAD_AES_GCM");
        Bytes key = Fields.hex(test, "key");
        return new Vector(
                "DPDK " + test.getString("name"),
                new EspSuite(
                        gcm ? EncryptionAlgorithm.AES_GCM_16 : EncryptionAlgorithm.AES_CBC,
                        key.size() * 8,
                        gcm ? Integrity.NONE : Integrity.HMAC_SHA2_256_128,
                        false),
                Bytes.concat(key, Fields.hex(test, "salt")),
                Fields.hex(test, "auth_key"),
                withoutOuterHeader(Fields.hex(test, "output_text")),
                Fields.hex(test, "input_text"),
                true);
    }

    /** Those of tunnel mode. */
    private static Stream<Vector> rfc3602() {
        return Fields.objects(Vectors.json(Vectors.own("esp/aes-cbc-esp-rfc3602.json"))
                        .getArray("esp"))
                .filter(test -> test.getString("title").contains("tunnel"))
                .map(test -> new Vector(
                        "RFC 3602 case " + test.getInt("case"),
                        new EspSuite(EncryptionAlgorithm.AES_CBC, 128, Integrity.HMAC_SHA2_256_128, false),
                        Fields.hex(test, "key"),
                        Bytes.of(new byte[32]),
                        Bytes.concat(
                                Fields.hex(test, "spi"),
                                Fields.hex(test, "seq"),
                                Fields.hex(test, "iv"),
                                Fields.hex(test, "ciphertext")),
                        Bytes.concat(Fields.hex(test, "original_ip_header"), Fields.hex(test, "original_data")),
                        false));
    }

    private static Bytes withoutOuterHeader(Bytes packet) {
        return packet.slice(packet.at(0) >> 4 == 4 ? 20 : 40, packet.size());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void sealsToTheSameOctets(Vector vector) throws GeneralSecurityException {
        EspLayout layout = EspLayout.of(vector.suite());
        byte[] packet = new byte[layout.sealedSize(vector.inner().size())];
        int plain = layout.plainSize(vector.inner().size());
        System.arraycopy(vector.packet().toArray(), 0, packet, 0, EspLayout.HEADER);
        byte[] seed = ivSeed(vector);
        System.arraycopy(seed, 0, packet, EspLayout.HEADER, seed.length);
        byte[] plaintext = new byte[plain];
        vector.inner().copyTo(plaintext, 0);
        EspLayout.writeTrailer(plaintext, vector.inner().size(), plain, vector.nextHeader());
        try (EspKeys keys = vector.keys()) {
            EspCipher.of(vector.suite(), keys).seal(plaintext, plain, packet, 0, vector.sequence());
        }
        int shown = vector.icv() ? packet.length : packet.length - layout.icv();
        assertThat(Bytes.of(packet).slice(0, shown)).isEqualTo(vector.packet());
    }

    @ParameterizedTest
    @MethodSource("ofUsableSpis")
    void theSealerMakesTheSamePacket(Vector vector) throws GeneralSecurityException {
        byte[] seed = ivSeed(vector);
        boolean cbc = seed.length == KeySizes.CBC_BLOCK;
        long low = (long) EspCipher.LONG.get(seed, seed.length - 8) ^ vector.sequence();
        IvSeed ivSeed = new IvSeed(cbc ? (long) EspCipher.LONG.get(seed, 0) : 0, low);
        try (EspKeys keys = vector.keys();
                OutboundSa sa = new OutboundSa(
                        new EspSpi(vector.spi()),
                        vector.suite(),
                        keys,
                        EspSamples.meter(),
                        new OutboundSa.Start(vector.sequence() - 1, ivSeed))) {
            byte[] packet = EspSamples.seal(sa.sealer(), vector.inner().toArray(), vector.nextHeader());
            int shown = vector.icv() ? packet.length : vector.packet().size();
            assertThat(Bytes.of(packet).slice(0, shown)).isEqualTo(vector.packet());
        }
    }

    /** What the cipher makes the vector's IV of. */
    private static byte[] ivSeed(Vector vector) throws GeneralSecurityException {
        EspLayout layout = EspLayout.of(vector.suite());
        byte[] iv = vector.packet().slice(EspLayout.HEADER, layout.payloadAt()).toArray();
        if (KeySizes.isAead(vector.suite().encryption())) {
            return iv;
        }
        Cipher block = Cipher.getInstance("AES/ECB/NoPadding");
        block.init(Cipher.DECRYPT_MODE, new SecretKeySpec(vector.encryptionKey().toArray(), "AES"));
        return block.doFinal(iv);
    }

    static List<Vector> openable() {
        return ofUsableSpis().stream().filter(Vector::icv).toList();
    }

    @ParameterizedTest
    @MethodSource("openable")
    void theOpenerFindsTheInnerPacket(Vector vector) {
        try (EspKeys keys = vector.keys();
                InboundSa sa = new InboundSa(new EspSpi(vector.spi()), vector.suite(), keys, 32, EspSamples.meter())) {
            Opener opener = sa.opener();
            assertThat(EspSamples.open(opener, vector.packet().toArray())).isEqualTo(vector.inner());
            assertThat(opener.nextHeader()).isEqualTo(vector.nextHeader());
        }
    }

    static List<Vector> withIcv() {
        return vectors().filter(Vector::icv).toList();
    }

    @ParameterizedTest
    @MethodSource("withIcv")
    void theCipherFindsTheInnerPacket(Vector vector) {
        byte[] out = new byte[vector.packet().size()];
        try (EspKeys keys = vector.keys()) {
            boolean authentic = EspCipher.of(vector.suite(), keys)
                    .open(vector.packet().toArray(), 0, vector.packet().size(), vector.sequence(), out, 0);
            assertThat(authentic).isTrue();
        }
        assertThat(Bytes.of(out).slice(0, vector.inner().size())).isEqualTo(vector.inner());
    }
}
