package org.ikev2d.core.crypto.jca;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.util.BigIntegers;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyAnswer;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/**
 * One known answer of every algorithm that we negotiate. To be run before the first peer: it finds a runtime that lacks
 * or breaks one of them, and loads and warms up the classes, so that the first exchange is not slowed by it.
 */
public final class SelfTest {
    /** "Hi There" in ASCII: RFC 4231 §4.2 and RFC 4868 §2.7.2. */
    private static final Bytes HI_THERE = Bytes.hex("4869205468657265");

    private static final String FEFF = "feffe9928665731c6d6a8f9467308308";

    private final Function<Entropy, Algorithms> provider;
    private final Algorithms algorithms;

    /** @param provider makes the algorithms to be tested; they draw private values from what it gets */
    SelfTest(Function<Entropy, Algorithms> provider) {
        this.provider = provider;
        this.algorithms = provider.apply(new SystemEntropy());
    }

    /** @throws IllegalStateException that names the first algorithm whose answer is wrong or does not come */
    public static void run() {
        new SelfTest(JcaAlgorithms::new).all();
    }

    void all() {
        prfs();
        checksums();
        ciphers();
        keyExchanges();
        expect("SHA-1", () -> algorithms.sha1(Bytes.hex("616263")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        new SignatureAnswers(algorithms).all(SelfTest::expect);
    }

    /** RFC 4231 §4.2; prf+ is the first record of NIST's CAVS 17.3 with SHA-256. */
    private void prfs() {
        prf(Prf.HMAC_SHA2_256, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        prf(
                Prf.HMAC_SHA2_384,
                "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6");
        prf(
                Prf.HMAC_SHA2_512,
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                        + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
        expect(
                "prf+",
                () -> {
                    Bytes seed = Bytes.hex("3f302be1abcb28e18c332ee006064c9b40dac39e1e1a86408619a1cf9a6e4c07");
                    try (Secret key = secret("5f00d1bd2c58ec224b1e6b71fa0f19a1faa7a193952c444411b47c1a9d8ba6fe");
                            Secret stream = algorithms.prfPlus(Prf.HMAC_SHA2_256, key, 64, seed)) {
                        return stream.use(Bytes::of);
                    }
                },
                "0b137d669b0947d7d026d593f0305ad401ff0c471357d695778a9c7f4b4869ec"
                        + "e98aca531188d16041b3bb936d2dbb3b4993a6e768a809160de45d0283f273a6");
    }

    private void prf(Prf prf, String answer) {
        expect(
                "PRF_" + prf,
                () -> {
                    try (Secret key = secret("0b".repeat(20));
                            Secret output = algorithms.prf(prf, key, HI_THERE)) {
                        return output.use(Bytes::of);
                    }
                },
                answer);
    }

    /** RFC 4868 §2.7.2, test cases AUTH256-1, AUTH384-1 and AUTH512-1. */
    private void checksums() {
        checksum(Integrity.HMAC_SHA2_256_128, 32, "198a607eb44bfbc69903a0f1cf2bbdc5");
        checksum(Integrity.HMAC_SHA2_384_192, 48, "b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973");
        checksum(Integrity.HMAC_SHA2_512_256, 64, "637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8");
    }

    private void checksum(Integrity integrity, int keySize, String answer) {
        expect(
                integrity.name(),
                () -> {
                    try (Secret key = secret("0b".repeat(keySize));
                            Secret checksum = algorithms.checksum(integrity, key, HI_THERE)) {
                        return checksum.use(Bytes::of);
                    }
                },
                answer);
    }

    /**
     * McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 4 and 16; RFC 7634 appendix B; RFC 3602 §4
     * case 1; NIST SP 800-38A F.2.5, its first block.
     */
    private void ciphers() {
        String gcmText = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
        String gcmAssociated = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
        aead(
                "AES_GCM_16-128",
                EncryptionAlgorithm.AES_GCM_16,
                FEFF + "cafebabe",
                "facedbaddecaf888",
                gcmAssociated,
                gcmText,
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05"
                        + "1ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47");
        aead(
                "AES_GCM_16-256",
                EncryptionAlgorithm.AES_GCM_16,
                FEFF + FEFF + "cafebabe",
                "facedbaddecaf888",
                gcmAssociated,
                gcmText,
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                        + "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
        aead(
                "CHACHA20_POLY1305",
                EncryptionAlgorithm.CHACHA20_POLY1305,
                "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3",
                "1011121314151617",
                "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029",
                "0000000c000040010000000a00",
                "610394701f8d017f7c129248896b71bfe25236efd7cdc67066906315b2");
        cbc(
                "AES_CBC-128",
                "06a9214036b8a15b512e03d534120006",
                "3dafba429d9eb430b422da802c9fac41",
                "53696e676c6520626c6f636b206d7367",
                "e353779c1079aeb82708942dbe77181a");
        cbc(
                "AES_CBC-256",
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "000102030405060708090a0b0c0d0e0f",
                "6bc1bee22e409f96e93d7e117393172a",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd6");
    }

    /** Opens it too, and sees that it does not open with another IV. */
    private void aead(
            String name,
            EncryptionAlgorithm algorithm,
            String keyAndSalt,
            String iv,
            String associated,
            String text,
            String answer) {
        expect(
                name,
                () -> {
                    Bytes header = Bytes.hex(associated);
                    try (Secret key = secret(keyAndSalt)) {
                        Bytes sealed = algorithms.seal(algorithm, key, Bytes.hex(iv), header, Bytes.hex(text));
                        Optional<Bytes> opened = algorithms.open(algorithm, key, Bytes.hex(iv), header, sealed);
                        Bytes otherIv = Bytes.hex("00".repeat(8));
                        boolean forged = algorithms
                                .open(algorithm, key, otherIv, header, sealed)
                                .isPresent();
                        return opened.equals(Optional.of(Bytes.hex(text))) && !forged ? sealed : Bytes.empty();
                    }
                },
                answer);
    }

    private void cbc(String name, String keyOctets, String ivOctets, String text, String answer) {
        expect(
                name,
                () -> {
                    Bytes iv = Bytes.hex(ivOctets);
                    try (Secret key = secret(keyOctets)) {
                        Bytes ciphertext = algorithms.encryptCbc(key, iv, Bytes.hex(text));
                        Bytes decrypted = algorithms.decryptCbc(key, iv, ciphertext);
                        return decrypted.equals(Bytes.hex(text)) ? ciphertext : Bytes.empty();
                    }
                },
                answer);
    }

    /**
     * RFC 7748 §6.1 and RFC 5903 §8; for MODP 2^ir mod p as Python's pow() gives it; for ML-KEM what Python's SHA-3 makes
     * of the key of NIST's ACVP tests 26 and 51 and the octets 0 to 31. The secrets' first 32 octets.
     */
    private void keyExchanges() {
        keyExchange(
                KeyExchangeMethod.CURVE25519,
                count -> Bytes.hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
                        .toArray(),
                count -> Bytes.hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
                        .toArray(),
                "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        keyExchange(
                KeyExchangeMethod.ECP_256,
                scalar("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"),
                scalar("c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53"),
                "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
        keyExchange(
                KeyExchangeMethod.ECP_384,
                scalar("099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655"
                        + "e35b538041e649ee3faef896783ab194"),
                scalar("41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942"
                        + "e0308312916b8ed2960e4bd55a7448fc"),
                "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4");
        keyExchange(
                KeyExchangeMethod.ECP_521,
                scalar("37ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095"
                        + "aa85a30fe1c2952c6771d937ba9777f5957b2639bab072462f68c27a57382d4a52"),
                scalar("145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e9"
                        + "c677d600b343757a3bdbf2a3163e4c2f869cca7458aa4a4effc311f5cb151685eb9"),
                "01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04");
        keyExchange(
                KeyExchangeMethod.ML_KEM_768,
                count -> Bytes.hex("e582b7d75e6c80b05ae392a1fc9f7153b12390fd99930368cc67a768baebc8a0"
                                + "1cdacb8740c0b87c4a379575f187b367cbfa3b300bf591b109f79816e9cbe8f0")
                        .toArray(),
                SelfTest::counted,
                "82c9c37c49c9e540d64f907ea0a3fb723a28008cff007dfd0769492f5a47c4dd");
        keyExchange(
                KeyExchangeMethod.ML_KEM_1024,
                count -> Bytes.hex("f3a706faf090c03db506863ab0b20bd8a1627956318e88c67eb875e8e7266009"
                                + "35d2bc43dd1cc879f765bf2a0c5e297889dde910e57e2bb0eae417b90ab7a275")
                        .toArray(),
                SelfTest::counted,
                "64ee20b237ac23b0da94d7eb5942e00de8fc6993aece93cf6160507d19e04ae8");
        modp(KeyExchangeMethod.MODP_2048, "f134ddcf6fdbf1ff90da19e6594d3685f81a0cebea4e2a269ff562e68b1d64cd");
        modp(KeyExchangeMethod.MODP_3072, "8fe5162317cfd2c8399a64dd022e41e8654c47da6e2b089f2c5cea73e5d5e4c0");
        modp(KeyExchangeMethod.MODP_4096, "68864048896cdd944530280f4d0116d976d1f961dc9930f5383abf6dfc72c483");
    }

    private static byte[] counted(int count) {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) i;
        }
        return octets;
    }

    /** With the octets 1 to 32 and 33 to 64 for exponents. */
    private void modp(KeyExchangeMethod method, String answer) {
        keyExchange(
                method,
                scalar("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"),
                scalar("2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40"),
                answer);
    }

    /** What {@link Group#scalar} makes {@code scalar} of. */
    private static Entropy scalar(String scalar) {
        BigInteger drawn = new BigInteger(scalar, 16).subtract(BigInteger.ONE);
        return count -> BigIntegers.asUnsignedByteArray(count, drawn);
    }

    private void keyExchange(KeyExchangeMethod method, Entropy initiator, Entropy responder, String answer) {
        expect(
                method.name(),
                () -> {
                    try (KeyExchange i = provider.apply(initiator).keyExchange(method);
                            KeyAnswer r = provider.apply(responder).answer(method, i.publicValue());
                            Secret shared = i.agree(r.publicValue())) {
                        boolean same = r.shared().matches(shared.use(Bytes::of));
                        return same ? shared.use(Bytes::of).slice(0, 32) : Bytes.empty();
                    }
                },
                answer);
    }

    private static Secret secret(String hex) {
        return Secret.of(Bytes.hex(hex));
    }

    /** Computes what the answer is known of. */
    interface Question {
        Bytes answer() throws InvalidPublicValueException, UnusableKeyException;
    }

    /** Compares an answer. */
    interface Expectation {
        void expect(String algorithm, Question question, String answer);
    }

    private static void expect(String algorithm, Question question, String answer) {
        Bytes given;
        try {
            given = question.answer();
        } catch (InvalidPublicValueException | UnusableKeyException | RuntimeException e) {
            throw new IllegalStateException("self-test: " + algorithm + " fails", e);
        }
        if (!given.equals(Bytes.hex(answer))) {
            throw new IllegalStateException("self-test: " + algorithm + " gives a wrong answer");
        }
    }
}
