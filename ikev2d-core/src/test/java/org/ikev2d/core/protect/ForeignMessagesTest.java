package org.ikev2d.core.protect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException.Fault;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.protect.Opened.Discarded.Reason;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.wire.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that are the peer's, but are not made as we make them, or are made wrongly. */
final class ForeignMessagesTest {
    private static final Payload NOTHING = new Payload.VendorId(Bytes.empty());
    /** {@link #NOTHING} with least padding for blocks of 16. */
    private static final Bytes PADDED_NOTHING = Bytes.hex("00000004" + "00".repeat(11) + "0b");

    static Stream<IkeSuite> suites() {
        return Ends.suites();
    }

    private static Opened open(Ends ends, int firstInnerPayload, Bytes plaintext) {
        Bytes frame = ends.frame(firstInnerPayload, plaintext.size());
        return ends.responder().open(ends.sealed(frame, plaintext));
    }

    @Holds({"7296-3.14-d", "7296-3.14-g"})
    @ParameterizedTest
    @MethodSource("suites")
    void paddingOfAnyContentAndLengthIsTaken_rfc7296_3_14(IkeSuite suite) {
        try (Ends ends = new Ends(suite)) {
            for (int padding = 11; padding < 256; padding += 16) {
                Bytes plaintext = new ByteWriter()
                        .bytes(Bytes.hex("00000004"))
                        .bytes(Bytes.wrap(ends.octets(padding)))
                        .u8(padding)
                        .toBytes();
                assertNothing(open(ends, PayloadType.VENDOR_ID.code(), plaintext));
            }
        }
    }

    private static void assertNothing(Opened opened) {
        assertThat(opened)
                .isInstanceOfSatisfying(
                        Opened.Message.class,
                        message -> assertThat(message.payloads()).containsExactly(NOTHING));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void paddingLongerThanThePlaintextIsMalformed(IkeSuite suite) {
        try (Ends ends = new Ends(suite)) {
            assertMalformed(
                    open(ends, 0, Bytes.hex("00".repeat(15) + "10")),
                    Fault.BAD_LENGTH,
                    "BAD_LENGTH at octet " + (32 + ends.ivSize() + 15)
                            + " in message/ENCRYPTED/pad length: expected at most 15, found 16");
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void plaintextWithoutPadLengthIsMalformed(IkeSuite suite) {
        try (Ends ends = new Ends(suite)) {
            assertMalformed(
                    open(ends, 0, Bytes.empty()),
                    Fault.TRUNCATED,
                    "TRUNCATED at octet " + (32 + ends.ivSize())
                            + " in message/ENCRYPTED/pad length: need 1 octets, have 0");
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void unknownCriticalPayloadInsideIsMalformed_rfc7296_2_5(IkeSuite suite) {
        try (Ends ends = new Ends(suite)) {
            Opened opened = open(ends, 200, Bytes.hex("00800004" + "00".repeat(11) + "0b"));

            assertThat(opened).isInstanceOfSatisfying(Opened.Malformed.class, malformed -> {
                assertThat(malformed.cause().fault()).isEqualTo(Fault.UNKNOWN_CRITICAL);
                assertThat(malformed.cause().value()).isEqualTo(200);
                assertThat(malformed.cause().offset()).isEqualTo(32 + ends.ivSize());
                assertThat(malformed.header().messageId()).isEqualTo(Ends.REQUEST.messageId());
            });
        }
    }

    @Test
    void ciphertextOfBrokenBlocksIsMalformed() {
        try (Ends ends = new Ends(Ends.suite(EncryptionAlgorithm.AES_CBC, 128, Integrity.HMAC_SHA2_256_128))) {
            Bytes body = Bytes.wrap(ends.octets(16 + 17));

            assertMalformed(
                    ends.responder().open(ends.withChecksum(Bytes.concat(ends.frame(0, 17), body))),
                    Fault.BAD_LENGTH,
                    "BAD_LENGTH at octet 48 in message/ENCRYPTED/ciphertext: "
                            + "expected whole blocks of 16 octets, found 17 octets");
        }
    }

    private static void assertMalformed(Opened opened, Fault fault, String text) {
        assertThat(opened).isInstanceOfSatisfying(Opened.Malformed.class, malformed -> {
            assertThat(malformed.cause().fault()).isEqualTo(fault);
            assertThat(malformed.cause()).hasMessage(text);
        });
    }

    /** A Vendor ID payload of two octets stands before the Encrypted one, and is associated data (RFC 5282 §5.1). */
    @ParameterizedTest
    @MethodSource("suites")
    void payloadsOutsideAreCoveredAndPassedOver_rfc7383_2_5_3(IkeSuite suite) {
        try (Ends ends = new Ends(suite)) {
            Bytes alone = ends.frame(PayloadType.VENDOR_ID.code(), PADDED_NOTHING.size());
            byte[] frame = Bytes.concat(alone.slice(0, 28), Bytes.hex("2e000006abcd"), alone.slice(28, 32))
                    .toArray();
            frame[16] = (byte) PayloadType.VENDOR_ID.code();
            frame[27] = (byte) (frame[27] + 6);
            byte[] datagram = ends.sealed(Bytes.of(frame), PADDED_NOTHING).toArray();

            assertNothing(ends.responder().open(Bytes.of(datagram)));
            datagram[33] ^= 1;
            assertThat(ends.responder().open(Bytes.of(datagram)))
                    .isInstanceOfSatisfying(
                            Opened.Discarded.class,
                            discarded -> assertThat(discarded.reason()).isEqualTo(Reason.BAD_CHECKSUM));
        }
    }
}
