package org.ikev2d.core.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.WatchedAlgorithms;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.protect.Opened.Discarded.Reason;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Sealed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProtectorTest {
    private static final IkeHeader REQUEST = header(true, false);
    private static final IkeHeader RESPONSE = header(false, true);
    private static final List<Payload> PAYLOADS =
            List.of(Payload.Notify.of(NotifyType.COOKIE, Bytes.hex("c00c1e")), new Payload.VendorId(Bytes.hex("77")));

    private final Random random = new Random(7);
    private final Entropy entropy = count -> {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    };
    private final Algorithms algorithms = new JcaAlgorithms(entropy);

    private static IkeHeader header(boolean fromInitiator, boolean response) {
        return IkeHeader.of(
                new IkeSpi(0x1122334455667788L),
                new IkeSpi(0x99aabbccddeeff00L),
                ExchangeType.INFORMATIONAL.code(),
                fromInitiator,
                response,
                3);
    }

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

    private static IkeSuite suite(EncryptionAlgorithm encryption, int keyBits, Integrity integrity) {
        return new IkeSuite(encryption, keyBits, integrity, Prf.HMAC_SHA2_256, KeyExchangeMethod.CURVE25519);
    }

    private IkeKeys keys(IkeSuite suite) {
        int encryption = KeySizes.encryptionKey(suite.encryption(), suite.keyBits());
        int integrity = KeySizes.integrityKey(suite.integrity());
        return new IkeKeys(
                secret(32),
                secret(integrity),
                secret(integrity),
                secret(encryption),
                secret(encryption),
                secret(32),
                secret(32));
    }

    private Secret secret(int size) {
        return Secret.owning(entropy.octets(size));
    }

    private Protector protector(IkeSuite suite, IkeKeys keys, boolean originalInitiator) {
        return new Protector(algorithms, entropy, suite, keys, originalInitiator);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void whatOneEndSealsTheOtherOpens(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            Protector initiator = protector(suite, keys, true);
            Protector responder = protector(suite, keys, false);
            for (int size = 0; size <= 40; size++) {
                List<Payload> payloads = List.of(
                        new Payload.VendorId(Bytes.wrap(entropy.octets(size))),
                        Payload.Notify.of(NotifyType.INITIAL_CONTACT));
                assertOpens(responder.open(initiator.seal(REQUEST, payloads)), REQUEST, payloads);
                assertOpens(initiator.open(responder.seal(RESPONSE, payloads)), RESPONSE, payloads);
            }
            assertOpens(responder.open(initiator.seal(REQUEST, List.of())), REQUEST, List.of());
        }
    }

    private static void assertOpens(Opened opened, IkeHeader header, List<Payload> payloads) {
        assertThat(opened).isInstanceOfSatisfying(Opened.Message.class, message -> {
            assertThat(message.payloads()).isEqualTo(payloads);
            assertThat(message.header().messageId()).isEqualTo(header.messageId());
            assertThat(message.header().response()).isEqualTo(header.response());
            assertThat(message.header().nextPayload()).isEqualTo(PayloadType.ENCRYPTED.code());
        });
    }

    @ParameterizedTest
    @MethodSource("suites")
    void anySingleBitFlippedIsDiscarded(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            Protector responder = protector(suite, keys, false);
            Bytes sealed = protector(suite, keys, true).seal(REQUEST, PAYLOADS);
            for (int bit = 0; bit < 8 * sealed.size(); bit++) {
                byte[] changed = sealed.toArray();
                changed[bit / 8] ^= (byte) (1 << (bit % 8));
                assertThat(responder.open(Bytes.of(changed))).as("bit %d", bit).isInstanceOf(Opened.Discarded.class);
            }
            assertOpens(responder.open(sealed), REQUEST, PAYLOADS);
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void anyMessageCutShortIsDiscarded(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            Protector responder = protector(suite, keys, false);
            Bytes sealed = protector(suite, keys, true).seal(REQUEST, PAYLOADS);
            for (int size = 0; size < sealed.size(); size++) {
                assertThat(responder.open(sealed.slice(0, size))).isInstanceOf(Opened.Discarded.class);
                if (size >= 32) {
                    byte[] adjusted = sealed.slice(0, size).toArray();
                    adjusted[27] = (byte) size;
                    adjusted[31] = (byte) (size - 28);
                    int body = size - 32;
                    int least = KeySizes.isAead(suite.encryption())
                            ? 24
                            : KeySizes.CBC_BLOCK + KeySizes.checksum(suite.integrity());
                    assertDiscarded(
                            responder.open(Bytes.of(adjusted)), body < least ? Reason.TOO_SHORT : Reason.BAD_CHECKSUM);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void ownMessagesSentBackAreDiscarded(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            Protector initiator = protector(suite, keys, true);

            assertDiscarded(initiator.open(initiator.seal(REQUEST, PAYLOADS)), Reason.BAD_CHECKSUM);
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void messagesOfAnotherSaAreDiscarded(IkeSuite suite) {
        try (IkeKeys keys = keys(suite);
                IkeKeys others = keys(suite)) {
            Bytes sealed = protector(suite, others, true).seal(REQUEST, PAYLOADS);

            assertDiscarded(protector(suite, keys, false).open(sealed), Reason.BAD_CHECKSUM);
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void noInitializationVectorComesTwice(IkeSuite suite) throws DecodeException {
        try (IkeKeys keys = keys(suite)) {
            Protector initiator = protector(suite, keys, true);
            int size = KeySizes.isAead(suite.encryption()) ? KeySizes.AEAD_IV : KeySizes.CBC_BLOCK;
            Set<Bytes> seen = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                Bytes sealed = initiator.seal(REQUEST, PAYLOADS);
                assertThat(seen.add(body(sealed).slice(0, size))).isTrue();
            }
        }
    }

    private static Bytes body(Bytes datagram) throws DecodeException {
        Sealed sealed = MessageCodec.decode(datagram).sealed().orElseThrow();
        return sealed.body();
    }

    @Test
    void counterOfInitializationVectorsPassesItsEnd() throws DecodeException {
        IkeSuite suite = suite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE);
        Entropy last = count -> Bytes.hex("ff".repeat(count)).toArray();
        try (IkeKeys keys = keys(suite)) {
            Protector initiator = new Protector(algorithms, last, suite, keys, true);

            assertThat(body(initiator.seal(REQUEST, PAYLOADS)).slice(0, 8)).isEqualTo(Bytes.hex("ff".repeat(8)));
            assertThat(body(initiator.seal(REQUEST, PAYLOADS)).slice(0, 8)).isEqualTo(Bytes.hex("00".repeat(8)));
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void paddingIsTheLeastThereCanBe_rfc7296_3_14(IkeSuite suite) throws DecodeException {
        try (IkeKeys keys = keys(suite)) {
            Protector initiator = protector(suite, keys, true);
            for (int size = 0; size <= 32; size++) {
                Payload payload = new Payload.VendorId(Bytes.wrap(entropy.octets(size)));
                int plaintext = 4 + size + 1;
                int expected = KeySizes.isAead(suite.encryption())
                        ? 8 + plaintext + 16
                        : 16 + (plaintext + 15) / 16 * 16 + KeySizes.checksum(suite.integrity());
                assertThat(body(initiator.seal(REQUEST, List.of(payload))).size())
                        .isEqualTo(expected);
            }
        }
    }

    /** A Vendor ID payload of nothing, and whatever padding. */
    @ParameterizedTest
    @MethodSource("suites")
    void paddingOfAnyContentAndLengthIsTaken_rfc7296_3_14(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            for (int padding = 11; padding < 256; padding += 16) {
                Bytes plaintext = new ByteWriter()
                        .bytes(Bytes.hex("00000004"))
                        .bytes(Bytes.wrap(entropy.octets(padding)))
                        .u8(padding)
                        .toBytes();
                assertOpens(
                        open(suite, keys, PayloadType.VENDOR_ID.code(), plaintext),
                        REQUEST,
                        List.of(new Payload.VendorId(Bytes.empty())));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void paddingLongerThanThePlaintextIsMalformed(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            Bytes plaintext = Bytes.hex("00".repeat(15) + "10");

            Opened opened = open(suite, keys, 0, plaintext);

            int at = 32 + (KeySizes.isAead(suite.encryption()) ? 8 : 16) + 15;
            assertMalformed(
                    opened,
                    Fault.BAD_LENGTH,
                    "BAD_LENGTH at octet " + at + " in message/ENCRYPTED/pad length: expected at most 15, found 16");
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void plaintextWithoutPadLengthIsMalformed(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            int at = 32 + (KeySizes.isAead(suite.encryption()) ? 8 : 16);
            assertMalformed(
                    open(suite, keys, 0, Bytes.empty()),
                    Fault.TRUNCATED,
                    "TRUNCATED at octet " + at + " in message/ENCRYPTED/pad length: need 1 octets, have 0");
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void unknownCriticalPayloadInsideIsMalformed_rfc7296_2_5(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            Opened opened = open(suite, keys, 200, Bytes.hex("00800004" + "00".repeat(11) + "0b"));

            assertThat(opened).isInstanceOfSatisfying(Opened.Malformed.class, malformed -> {
                assertThat(malformed.cause().fault()).isEqualTo(Fault.UNKNOWN_CRITICAL);
                assertThat(malformed.cause().value()).isEqualTo(200);
                assertThat(malformed.header().messageId()).isEqualTo(3);
            });
        }
    }

    @Test
    void ciphertextOfBrokenBlocksIsMalformedWhenItIsThePeers() {
        IkeSuite suite = suite(EncryptionAlgorithm.AES_CBC, 128, Integrity.HMAC_SHA2_256_128);
        try (IkeKeys keys = keys(suite)) {
            Bytes frame = MessageCodec.sealedFrame(REQUEST, 0, 16 + 17 + 16);
            Bytes covered = Bytes.concat(frame, Bytes.wrap(entropy.octets(16 + 17)));
            try (Secret checksum = algorithms.checksum(suite.integrity(), keys.skAi(), covered)) {
                Bytes datagram = Bytes.concat(covered, checksum.use(Bytes::of));

                assertMalformed(
                        protector(suite, keys, false).open(datagram),
                        Fault.BAD_LENGTH,
                        "BAD_LENGTH at octet 48 in message/ENCRYPTED/ciphertext: "
                                + "expected whole blocks of 16 octets, found 17 octets");
            }
        }
    }

    private static void assertMalformed(Opened opened, Fault fault, String message) {
        assertThat(opened).isInstanceOfSatisfying(Opened.Malformed.class, malformed -> {
            assertThat(malformed.cause().fault()).isEqualTo(fault);
            assertThat(malformed.cause()).hasMessage(message);
        });
    }

    /** Opens, as responder, what an initiator of its own ways sealed. */
    private Opened open(IkeSuite suite, IkeKeys keys, int firstInnerPayload, Bytes plaintext) {
        Bytes frame = MessageCodec.sealedFrame(REQUEST, firstInnerPayload, bodySize(suite, plaintext));
        return protector(suite, keys, false).open(sealed(suite, keys, frame, plaintext));
    }

    private static int bodySize(IkeSuite suite, Bytes plaintext) {
        return plaintext.size()
                + (KeySizes.isAead(suite.encryption())
                        ? KeySizes.AEAD_IV + KeySizes.AEAD_TAG
                        : KeySizes.CBC_BLOCK + KeySizes.checksum(suite.integrity()));
    }

    private Bytes sealed(IkeSuite suite, IkeKeys keys, Bytes frame, Bytes plaintext) {
        if (KeySizes.isAead(suite.encryption())) {
            Bytes iv = Bytes.wrap(entropy.octets(8));
            return Bytes.concat(frame, iv, algorithms.seal(suite.encryption(), keys.skEi(), iv, frame, plaintext));
        }
        Bytes iv = Bytes.wrap(entropy.octets(16));
        Bytes covered = Bytes.concat(frame, iv, algorithms.encryptCbc(keys.skEi(), iv, plaintext));
        try (Secret checksum = algorithms.checksum(suite.integrity(), keys.skAi(), covered)) {
            return Bytes.concat(covered, checksum.use(Bytes::of));
        }
    }

    /** A Vendor ID payload stands before the Encrypted payload, and is associated data (RFC 5282 §5.1). */
    @ParameterizedTest
    @MethodSource("suites")
    void payloadsOutsideAreCoveredAndPassedOver_rfc7296_3_14(IkeSuite suite) {
        try (IkeKeys keys = keys(suite)) {
            Bytes plaintext = Bytes.hex("0000000477" + "00".repeat(10) + "0b").slice(0, 16);
            int bodySize = bodySize(suite, plaintext);
            byte[] frame = Bytes.concat(
                            MessageCodec.sealedFrame(REQUEST, 0, bodySize).slice(0, 28),
                            Bytes.hex("2e000006abcd"),
                            MessageCodec.sealedFrame(REQUEST, PayloadType.VENDOR_ID.code(), bodySize)
                                    .slice(28, 32))
                    .toArray();
            frame[16] = (byte) PayloadType.VENDOR_ID.code();
            frame[27] = (byte) (frame[27] + 6);
            byte[] datagram = sealed(suite, keys, Bytes.of(frame), plaintext).toArray();
            Protector responder = protector(suite, keys, false);

            assertThat(responder.open(Bytes.of(datagram)))
                    .isInstanceOfSatisfying(
                            Opened.Message.class,
                            message -> assertThat(message.payloads())
                                    .containsExactly(new Payload.VendorId(Bytes.empty())));
            datagram[33] ^= 1;
            assertDiscarded(responder.open(Bytes.of(datagram)), Reason.BAD_CHECKSUM);
        }
    }

    @Test
    void whatIsNotSealedIsDiscarded() {
        IkeSuite suite = suite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE);
        try (IkeKeys keys = keys(suite)) {
            Protector responder = protector(suite, keys, false);
            Bytes sealed = protector(suite, keys, true).seal(REQUEST, PAYLOADS);
            byte[] fragment = sealed.toArray();
            fragment[16] = (byte) PayloadType.ENCRYPTED_FRAGMENT.code();
            fragment[33] = 1;
            fragment[32] = 0;
            fragment[34] = 0;
            fragment[35] = 2;

            assertDiscarded(responder.open(Bytes.empty()), Reason.NOT_A_MESSAGE);
            assertDiscarded(responder.open(MessageCodec.encode(REQUEST, PAYLOADS)), Reason.NOT_PROTECTED);
            assertDiscarded(responder.open(MessageCodec.encode(REQUEST, List.of())), Reason.NOT_PROTECTED);
            assertThat(responder.open(Bytes.of(fragment)))
                    .isEqualTo(new Opened.Discarded(Reason.FRAGMENT, "fragment 1 of 2"));
            assertDiscarded(responder.open(Bytes.concat(sealed, Bytes.of((byte) 0))), Reason.NOT_A_MESSAGE);
        }
    }

    private static void assertDiscarded(Opened opened, Reason reason) {
        assertThat(opened).isInstanceOfSatisfying(Opened.Discarded.class, discarded -> {
            assertThat(discarded.reason()).isEqualTo(reason);
            assertThat(discarded.detail()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("suites")
    void onlyTheKeysAreLeftOpenWhateverFails(IkeSuite suite) {
        for (int failingCall = 0; failingCall <= 4; failingCall++) {
            WatchedAlgorithms watched = new WatchedAlgorithms(entropy, failingCall);
            try (IkeKeys keys = keys(suite)) {
                Protector initiator = new Protector(watched, entropy, suite, keys, true);
                Protector responder = new Protector(watched, entropy, suite, keys, false);
                int calls = KeySizes.isAead(suite.encryption()) ? 2 : 4;
                if (failingCall >= 1 && failingCall <= calls) {
                    assertThatThrownBy(() -> responder.open(initiator.seal(REQUEST, PAYLOADS)))
                            .isInstanceOf(WatchedAlgorithms.PlannedFailure.class);
                } else {
                    assertOpens(responder.open(initiator.seal(REQUEST, PAYLOADS)), REQUEST, PAYLOADS);
                }
                assertThat(watched.open()).isSubsetOf(keys.skEi(), keys.skAi());
            }
            assertThat(watched.open()).isEmpty();
        }
    }
}
