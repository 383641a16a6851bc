package org.ikev2d.xfrm.esp;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.wire.EspSpi;

/** Suites, keys, packets and SAs for tests. */
final class EspSamples {
    static final EspSpi SPI = new EspSpi(0xc0de_cafe);
    static final long NOW = 1_800_000_000L;
    static final int IPV4 = 4;
    static final int IPV6 = 41;

    private EspSamples() {}

    /** All, each without and with extended sequence numbers. */
    static List<EspSuite> suites() {
        return Stream.of(false, true).flatMap(EspSamples::suites).toList();
    }

    private static Stream<EspSuite> suites(boolean esn) {
        return Stream.of(
                new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, esn),
                new EspSuite(EncryptionAlgorithm.AES_GCM_16, 256, Integrity.NONE, esn),
                new EspSuite(EncryptionAlgorithm.CHACHA20_POLY1305, 256, Integrity.NONE, esn),
                new EspSuite(EncryptionAlgorithm.AES_CBC, 128, Integrity.HMAC_SHA2_256_128, esn),
                new EspSuite(EncryptionAlgorithm.AES_CBC, 256, Integrity.HMAC_SHA2_384_192, esn),
                new EspSuite(EncryptionAlgorithm.AES_CBC, 256, Integrity.HMAC_SHA2_512_256, esn));
    }

    static EspSuite gcm(boolean esn) {
        return new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, esn);
    }

    /** The same for every seed. */
    static EspKeys keys(EspSuite suite, long seed) {
        Random random = new Random(seed);
        return new EspKeys(
                secret(random, KeySizes.encryptionKey(suite.encryption(), suite.keyBits())),
                secret(random, KeySizes.integrityKey(suite.integrity())));
    }

    private static Secret secret(Random random, int size) {
        return Secret.owning(octets(random, size));
    }

    static byte[] octets(Random random, int size) {
        byte[] octets = new byte[size];
        random.nextBytes(octets);
        return octets;
    }

    /** Begins as a packet of this version does; what follows means nothing. */
    static byte[] inner(Random random, int size, int version) {
        byte[] octets = octets(random, size);
        octets[0] = (byte) (version << 4 | 5);
        return octets;
    }

    static Meter meter() {
        return new Meter(SaLimits.UNLIMITED, hard -> {}, () -> NOW);
    }

    static OutboundSa outbound(EspSuite suite, EspKeys keys) {
        return new OutboundSa(SPI, suite, keys, meter());
    }

    /** @param sequence the last number that was used */
    static OutboundSa outbound(EspSuite suite, EspKeys keys, long sequence) {
        return new OutboundSa(SPI, suite, keys, meter(), new OutboundSa.Start(sequence, IvSeed.fresh(suite)));
    }

    static InboundSa inbound(EspSuite suite, EspKeys keys) {
        return new InboundSa(SPI, suite, keys, 64, meter());
    }

    /** @param highest the highest number that was seen */
    static InboundSa inbound(EspSuite suite, EspKeys keys, long highest) {
        return new InboundSa(SPI, suite, keys, new ReplayWindow(64, suite.esn(), highest), meter());
    }

    static byte[] seal(Sealer sealer, byte[] inner, int nextHeader) {
        byte[] out = new byte[sealer.sealedSize(inner.length)];
        int size = sealer.seal(inner, 0, inner.length, nextHeader, out, 0);
        if (size != out.length) {
            throw new AssertionError("sealed " + size + " octets, not " + out.length + ": " + sealer.refusal());
        }
        return out;
    }

    /** Null where it is dropped. */
    static Bytes open(Opener opener, byte[] packet) {
        byte[] out = new byte[packet.length];
        int size = opener.open(packet, 0, packet.length, out, 0);
        return size == Opener.DROPPED ? null : Bytes.of(Arrays.copyOf(out, size));
    }
}
