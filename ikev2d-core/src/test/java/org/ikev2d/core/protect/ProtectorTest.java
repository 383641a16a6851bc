package org.ikev2d.core.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ikev2d.core.protect.Ends.REQUEST;
import static org.ikev2d.core.protect.Ends.RESPONSE;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.crypto.WatchedAlgorithms;
import org.ikev2d.core.protect.Opened.Discarded.Reason;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProtectorTest {
    private static final List<Payload> PAYLOADS =
            List.of(Payload.Notify.of(NotifyType.COOKIE, Bytes.hex("c00c1e")), new Payload.VendorId(Bytes.hex("77")));

    static Stream<IkeSuite> suites() {
        return Ends.suites();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void whatOneEndSealsTheOtherOpens(IkeSuite suite) {
        try (Ends ends = new Ends(suite)) {
            Protector initiator = ends.initiator();
            Protector responder = ends.responder();
            for (int size = 0; size <= 40; size++) {
                List<Payload> payloads = List.of(
                        new Payload.VendorId(Bytes.wrap(ends.octets(size))),
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
        try (Ends ends = new Ends(suite)) {
            Protector responder = ends.responder();
            Bytes sealed = ends.initiator().seal(REQUEST, PAYLOADS);
            for (int bit = 0; bit < 8 * sealed.size(); bit++) {
                byte[] changed = sealed.toArray();
                changed[bit / 8] ^= (byte) (1 << (bit % 8));
                assertThat(responder.open(Bytes.of(changed))).as("bit %d", bit).isInstanceOf(Opened.Discarded.class);
            }
            assertOpens(responder.open(sealed), REQUEST, PAYLOADS);
        }
    }

    /** Also when the lengths are made to fit. */
    @ParameterizedTest
    @MethodSource("suites")
    void anyMessageCutShortIsDiscarded(IkeSuite suite) {
        try (Ends ends = new Ends(suite)) {
            Protector responder = ends.responder();
            Bytes sealed = ends.initiator().seal(REQUEST, PAYLOADS);
            int least = 32 + ends.ivSize() + ends.checksumSize();
            for (int size = 0; size < sealed.size(); size++) {
                assertDiscarded(responder.open(sealed.slice(0, size)), Reason.NOT_A_MESSAGE);
                if (size >= 32) {
                    byte[] fitting = sealed.slice(0, size).toArray();
                    fitting[27] = (byte) size;
                    fitting[31] = (byte) (size - 28);
                    assertDiscarded(
                            responder.open(Bytes.of(fitting)), size < least ? Reason.TOO_SHORT : Reason.BAD_CHECKSUM);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void ownMessagesSentBackAreDiscarded(IkeSuite suite) {
        try (Ends ends = new Ends(suite)) {
            Protector initiator = ends.initiator();

            assertDiscarded(initiator.open(initiator.seal(REQUEST, PAYLOADS)), Reason.BAD_CHECKSUM);
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void messagesOfAnotherSaAreDiscarded(IkeSuite suite) {
        try (Ends ends = new Ends(suite, 1);
                Ends others = new Ends(suite, 2)) {
            Bytes sealed = others.initiator().seal(REQUEST, PAYLOADS);

            assertDiscarded(ends.responder().open(sealed), Reason.BAD_CHECKSUM);
        }
    }

    @Test
    void whatIsNotSealedIsDiscarded() {
        try (Ends ends = new Ends(Ends.suite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE))) {
            Protector responder = ends.responder();
            Bytes sealed = ends.initiator().seal(REQUEST, PAYLOADS);
            byte[] fragment = sealed.toArray();
            fragment[16] = (byte) PayloadType.ENCRYPTED_FRAGMENT.code();
            System.arraycopy(new byte[] {0, 1, 0, 2}, 0, fragment, 32, 4);

            assertDiscarded(responder.open(Bytes.empty()), Reason.NOT_A_MESSAGE);
            assertDiscarded(responder.open(Bytes.concat(sealed, Bytes.of((byte) 0))), Reason.NOT_A_MESSAGE);
            assertDiscarded(responder.open(MessageCodec.encode(REQUEST, PAYLOADS)), Reason.NOT_PROTECTED);
            assertDiscarded(responder.open(MessageCodec.encode(REQUEST, List.of())), Reason.NOT_PROTECTED);
            assertThat(responder.open(Bytes.of(fragment)))
                    .isEqualTo(new Opened.Discarded(Reason.FRAGMENT, "fragment 1 of 2"));
        }
    }

    private static void assertDiscarded(Opened opened, Reason reason) {
        assertThat(opened).isInstanceOfSatisfying(Opened.Discarded.class, discarded -> {
            assertThat(discarded.reason()).isEqualTo(reason);
            assertThat(discarded.detail()).isNotEmpty();
        });
    }

    @Holds("7296-3.14-c")
    @ParameterizedTest
    @MethodSource("suites")
    void noInitializationVectorComesTwice(IkeSuite suite) throws DecodeException {
        try (Ends ends = new Ends(suite)) {
            Protector initiator = ends.initiator();
            Set<Bytes> seen = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                Bytes body = Ends.body(initiator.seal(REQUEST, PAYLOADS));
                assertThat(seen.add(body.slice(0, ends.ivSize()))).isTrue();
            }
        }
    }

    @Test
    void counterOfInitializationVectorsGoesOnBehindItsEnd() throws DecodeException {
        try (Ends ends = new Ends(Ends.suite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE))) {
            Protector initiator =
                    ends.initiator(count -> Bytes.hex("ff".repeat(count)).toArray());

            Bytes first = Ends.body(initiator.seal(REQUEST, PAYLOADS));
            Bytes second = Ends.body(initiator.seal(REQUEST, PAYLOADS));
            assertThat(first.slice(0, 8)).isEqualTo(Bytes.hex("ff".repeat(8)));
            assertThat(second.slice(0, 8)).isEqualTo(Bytes.hex("00".repeat(8)));
        }
    }

    @Holds({"7296-3.14-e", "7296-3.14-f"})
    @ParameterizedTest
    @MethodSource("suites")
    void paddingIsTheLeastThereCanBe_rfc7296_3_14(IkeSuite suite) throws DecodeException {
        try (Ends ends = new Ends(suite)) {
            Protector initiator = ends.initiator();
            int block = KeySizes.isAead(suite.encryption()) ? 1 : KeySizes.CBC_BLOCK;
            for (int size = 0; size <= 32; size++) {
                Payload payload = new Payload.VendorId(Bytes.wrap(ends.octets(size)));
                int withPadLength = 4 + size + 1;
                int padded = (withPadLength + block - 1) / block * block;
                assertThat(Ends.body(initiator.seal(REQUEST, List.of(payload))).size())
                        .isEqualTo(ends.ivSize() + padded + ends.checksumSize());
            }
        }
    }

    /** Sealing and opening is one call each with a combined mode, else two. */
    @ParameterizedTest
    @MethodSource("suites")
    void onlyTheKeysAreLeftOpenWhateverFails(IkeSuite suite) {
        int calls = KeySizes.isAead(suite.encryption()) ? 2 : 4;
        for (int failingCall = 0; failingCall <= calls; failingCall++) {
            try (Ends ends = new Ends(suite)) {
                WatchedAlgorithms watched = new WatchedAlgorithms(ends::octets, failingCall);
                Protector initiator = new Protector(watched, ends::octets, suite, ends.keys, true);
                Protector responder = new Protector(watched, ends::octets, suite, ends.keys, false);
                if (failingCall == 0) {
                    assertOpens(responder.open(initiator.seal(REQUEST, PAYLOADS)), REQUEST, PAYLOADS);
                } else {
                    assertThatThrownBy(() -> responder.open(initiator.seal(REQUEST, PAYLOADS)))
                            .isInstanceOf(WatchedAlgorithms.PlannedFailure.class);
                }
                assertThat(watched.open()).isSubsetOf(ends.keys.skEi(), ends.keys.skAi());
            }
        }
    }
}
