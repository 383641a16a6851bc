package org.ikev2d.core.sa;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.ikev2d.core.auth.PeerOffer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.wire.IkeSpi;
import org.junit.jupiter.api.Test;

/** Beside formulas that are written down here once more, with the JDK's HMAC alone. */
final class KeyingTest {
    private static final Algorithms ALGORITHMS = new JcaAlgorithms(new SystemEntropy());
    private static final Bytes NI = Bytes.hex("a1".repeat(32));
    private static final Bytes NR = Bytes.hex("b2".repeat(16));
    private static final Bytes SPIS = Bytes.hex("0000000000000011" + "0000000000000022");
    private static final Bytes[] MESSAGES =
            Stream.of("01", "0202", "030303", "04040404").map(Bytes::hex).toArray(Bytes[]::new);

    private static final IkeSuite SUITE = new IkeSuite(
            EncryptionAlgorithm.AES_GCM_16,
            128,
            Integrity.NONE,
            Prf.HMAC_SHA2_256,
            KeyExchangeMethod.CURVE25519,
            List.of(KeyExchangeMethod.ECP_256, KeyExchangeMethod.ECP_384));

    private static Secret secret(int octet) {
        return Secret.of(Bytes.hex("%02x".formatted(octet).repeat(32)));
    }

    private static Keying begun() {
        IkeKeys keys = new IkeKeys(secret(1), secret(2), secret(3), secret(4), secret(5), secret(6), secret(7));
        Handshake handshake = new Handshake(
                Bytes.empty(),
                Bytes.empty(),
                NI,
                NR,
                NatDetection.NONE,
                PeerOffer.of(List.of()),
                false,
                new Abilities(false, false));
        return new Keying(ALGORITHMS, SUITE, keys, handshake, new IkeSpi(0x11), new IkeSpi(0x22));
    }

    /** One additional key exchange. */
    private static void exchange(Keying keying, Bytes request, Bytes answer, int shared) {
        keying.intermediate(true, request);
        keying.intermediate(false, answer);
        try (Secret secret = secret(shared)) {
            keying.advance(keying.derive(secret));
        }
    }

    private static Bytes hmac(Bytes key, Bytes... data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.toArray(), "HmacSHA256"));
            return Bytes.wrap(mac.doFinal(Bytes.concat(data).toArray()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** SK_d, SK_ei and SK_er with their salts, SK_pi, SK_pr. */
    private static Bytes stream(Bytes oldSkD, Bytes shared) {
        Bytes skeyseed = hmac(oldSkD, shared, NI, NR);
        Bytes stream = Bytes.empty();
        Bytes block = Bytes.empty();
        for (int n = 1; n <= 5; n++) {
            block = hmac(skeyseed, block, NI, NR, SPIS, Bytes.of((byte) n));
            stream = Bytes.concat(stream, block);
        }
        return stream.slice(0, 3 * 32 + 2 * 20);
    }

    private static Bytes octets(Secret... secrets) {
        return Bytes.concat(Stream.of(secrets).map(one -> one.use(Bytes::of)).toArray(Bytes[]::new));
    }

    private static Bytes octets(IkeKeys keys) {
        return octets(keys.skD(), keys.skEi(), keys.skEr(), keys.skPi(), keys.skPr());
    }

    @Test
    void eachKeyExchangeChangesAllKeys_rfc9370_2_2_2() {
        try (Keying keying = begun()) {
            assertThat(keying.next()).contains(KeyExchangeMethod.ECP_256);
            exchange(keying, MESSAGES[0], MESSAGES[1], 0x55);
            Bytes first = stream(octets(secret(1)), octets(secret(0x55)));
            assertThat(octets(keying.keys())).isEqualTo(first);

            assertThat(keying.next()).contains(KeyExchangeMethod.ECP_384);
            exchange(keying, MESSAGES[2], MESSAGES[3], 0x66);
            assertThat(octets(keying.keys())).isEqualTo(stream(first.slice(0, 32), octets(secret(0x66))));
            assertThat(keying.next()).isEmpty();
        }
    }

    @Holds("9242-3.3.2-a")
    @Test
    void proofsCoverEachMessageUnderTheKeysOfItsTime_rfc9242_3_3_2() {
        try (Keying keying = begun()) {
            assertThat(keying.intAuth()).isEqualTo(Bytes.empty());
            exchange(keying, MESSAGES[0], MESSAGES[1], 0x55);
            Bytes fromInitiator = hmac(octets(secret(6)), MESSAGES[0]);
            Bytes fromResponder = hmac(octets(secret(7)), MESSAGES[1]);
            assertThat(keying.intAuth()).isEqualTo(Bytes.concat(fromInitiator, fromResponder, Bytes.hex("00000002")));

            Bytes skPi = octets(keying.keys().skPi());
            Bytes skPr = octets(keying.keys().skPr());
            exchange(keying, MESSAGES[2], MESSAGES[3], 0x66);
            assertThat(keying.intAuth())
                    .isEqualTo(Bytes.concat(
                            hmac(skPi, fromInitiator, MESSAGES[2]),
                            hmac(skPr, fromResponder, MESSAGES[3]),
                            Bytes.hex("00000003")));
        }
    }

    /** They are there for what comes again, and no longer. */
    @Test
    void formerKeysAreClosedOnceThePeerUsesTheNew() {
        Keying keying = begun();
        IkeKeys first = keying.keys();
        exchange(keying, MESSAGES[0], MESSAGES[1], 0x55);
        IkeKeys second = keying.keys();
        assertThat(first.skD().isClosed()).isFalse();
        keying.settled();
        assertThat(first.skD().isClosed()).isTrue();
        assertThat(second.skD().isClosed()).isFalse();
        exchange(keying, MESSAGES[2], MESSAGES[3], 0x66);
        keying.close();
        assertThat(second.skD().isClosed()).isTrue();
        assertThat(keying.keys().skD().isClosed()).isTrue();
    }
}
