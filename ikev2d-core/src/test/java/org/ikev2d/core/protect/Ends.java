package org.ikev2d.core.protect;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.MessageCodec;

/** An IKE SA with keys of its own, and what its two ends protect messages with. */
final class Ends implements AutoCloseable {
    static final IkeHeader REQUEST = header(true, false);
    static final IkeHeader RESPONSE = header(false, true);

    private final Random random;
    private final Algorithms algorithms = new JcaAlgorithms(this::octets);

    final IkeSuite suite;
    final IkeKeys keys;

    Ends(IkeSuite suite, long seed) {
        this.random = new Random(seed);
        this.suite = suite;
        int encryption = KeySizes.encryptionKey(suite.encryption(), suite.keyBits());
        int integrity = KeySizes.integrityKey(suite.integrity());
        this.keys = new IkeKeys(
                secret(32),
                secret(integrity),
                secret(integrity),
                secret(encryption),
                secret(encryption),
                secret(32),
                secret(32));
    }

    Ends(IkeSuite suite) {
        this(suite, 7);
    }

    /** Every suite that we negotiate, but for PRF and key exchange, which do nothing here. */
    static Stream<IkeSuite> suites() {
        List<IkeSuite> suites = new ArrayList<>();
        for (int keyBits : new int[] {128, 256}) {
            suites.add(suite(EncryptionAlgorithm.AES_GCM_16, keyBits, Integrity.NONE));
            for (Integrity integrity : Integrity.values()) {
                if (integrity != Integrity.NONE) {
                    suites.add(suite(EncryptionAlgorithm.AES_CBC, keyBits, integrity));
                }
            }
        }
        suites.add(suite(EncryptionAlgorithm.CHACHA20_POLY1305, 256, Integrity.NONE));
        return suites.stream();
    }

    static IkeSuite suite(EncryptionAlgorithm encryption, int keyBits, Integrity integrity) {
        return new IkeSuite(encryption, keyBits, integrity, Prf.HMAC_SHA2_256, KeyExchangeMethod.CURVE25519);
    }

    private static IkeHeader header(boolean fromInitiator, boolean response) {
        return IkeHeader.of(
                new IkeSpi(0x1122334455667788L),
                new IkeSpi(0x99aabbccddeeff00L),
                ExchangeType.INFORMATIONAL.code(),
                fromInitiator,
                response,
                3);
    }

    Protector initiator() {
        return initiator(this::octets);
    }

    Protector initiator(Entropy entropy) {
        return new Protector(algorithms, entropy, suite, keys, true);
    }

    Protector responder() {
        return new Protector(algorithms, this::octets, suite, keys, false);
    }

    byte[] octets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }

    private Secret secret(int size) {
        return Secret.owning(octets(size));
    }

    int ivSize() {
        return KeySizes.isAead(suite.encryption()) ? KeySizes.AEAD_IV : KeySizes.CBC_BLOCK;
    }

    int checksumSize() {
        return KeySizes.isAead(suite.encryption()) ? KeySizes.AEAD_TAG : KeySizes.checksum(suite.integrity());
    }

    /** A request's octets up to the body of its Encrypted payload. */
    Bytes frame(int firstInnerPayload, int plaintextSize) {
        return MessageCodec.sealedFrame(REQUEST, firstInnerPayload, ivSize() + plaintextSize + checksumSize());
    }

    /** A datagram of the initiator's keys, with whatever plaintext, padded or not. */
    Bytes sealed(Bytes frame, Bytes plaintext) {
        Bytes iv = Bytes.wrap(octets(ivSize()));
        return KeySizes.isAead(suite.encryption())
                ? Bytes.concat(frame, iv, algorithms.seal(suite.encryption(), keys.skEi(), iv, frame, plaintext))
                : withChecksum(Bytes.concat(frame, iv, algorithms.encryptCbc(keys.skEi(), iv, plaintext)));
    }

    Bytes withChecksum(Bytes covered) {
        try (Secret checksum = algorithms.checksum(suite.integrity(), keys.skAi(), covered)) {
            return Bytes.concat(covered, checksum.use(Bytes::of));
        }
    }

    /** What stands in a datagram's Encrypted payload. */
    static Bytes body(Bytes datagram) throws DecodeException {
        return MessageCodec.decode(datagram).sealed().orElseThrow().body();
    }

    @Override
    public void close() {
        keys.close();
    }
}
