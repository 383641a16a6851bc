package org.ikev2d.core.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.core.protect.Ends.REQUEST;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.protect.Opened.Discarded.Reason;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Sealed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages are cut and put together again (RFC 7383). */
final class FragmentsTest {
    private static final IkeSuite SUITE = Ends.suite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE);
    private static final List<Payload> PAYLOADS = payloads(2_000);

    private final Ends ends = new Ends(SUITE);
    private final Protector initiator = ends.initiator();
    private final Protector responder = ends.responder();
    private final Reassembly parts = new Reassembly();

    @AfterEach
    void close() {
        ends.close();
    }

    static Stream<IkeSuite> suites() {
        return Ends.suites();
    }

    private static List<Payload> payloads(int size) {
        byte[] octets = new byte[size - 24];
        new Random(size).nextBytes(octets);
        return List.of(new Payload.VendorId(Bytes.wrap(octets)), new Payload.Nonce(Bytes.of(new byte[16])));
    }

    private static Sealed sealed(Bytes datagram) throws DecodeException {
        return MessageCodec.decode(datagram).sealed().orElseThrow();
    }

    /** None is longer than it may be, and all but the last are as long as they can be. */
    @Holds({
        "7383-2.5-a",
        "7383-2.5-b",
        "7383-2.5-c",
        "7383-2.5-d",
        "7383-2.5-e",
        "7383-2.5-f",
        "7383-2.5-g",
        "7383-2.5.3-b"
    })
    @ParameterizedTest
    @MethodSource("suites")
    void whatOneEndCutsTheOtherPutsTogether_rfc7383_2_5(IkeSuite suite) throws DecodeException {
        try (Ends two = new Ends(suite)) {
            Random random = new Random(3);
            for (int most = Protector.LEAST_FRAGMENT; most < 400; most += 1 + random.nextInt(7)) {
                List<Payload> payloads = payloads(500 + random.nextInt(500));
                List<Bytes> fragments = new ArrayList<>(two.initiator().seal(REQUEST, payloads, most));
                for (int i = 0; i < fragments.size(); i++) {
                    IkeHeader header = MessageCodec.decodeHeader(fragments.get(i));
                    Sealed sealed = sealed(fragments.get(i));
                    assertThat(header.nextPayload()).isEqualTo(PayloadType.ENCRYPTED_FRAGMENT.code());
                    assertThat(header)
                            .usingRecursiveComparison()
                            .ignoringFields("nextPayload")
                            .isEqualTo(REQUEST);
                    assertThat(sealed.fragmentNumber()).isEqualTo(i + 1);
                    assertThat(sealed.totalFragments()).isEqualTo(fragments.size());
                    assertThat(sealed.firstInnerPayload()).isEqualTo(i == 0 ? PayloadType.VENDOR_ID.code() : 0);
                    assertThat(fragments.get(i).size()).isLessThanOrEqualTo(most);
                    if (i + 1 < fragments.size()) {
                        assertThat(fragments.get(i).size()).isGreaterThan(most - 16);
                    }
                }
                Bytes first = fragments.get(0);
                Collections.shuffle(fragments, random);
                Reassembly reassembly = new Reassembly();
                Protector receiver = two.responder();
                for (int i = 1; i < fragments.size(); i++) {
                    assertThat(receiver.open(fragments.get(i - 1), reassembly))
                            .isEqualTo(new Opened.Partial(i, fragments.size()));
                }
                assertWhole(receiver.open(fragments.get(fragments.size() - 1), reassembly), payloads, first);
                assertThat(reassembly.isEmpty()).isTrue();
            }
        }
    }

    private static void assertWhole(Opened opened, List<Payload> payloads, Bytes first) {
        assertThat(opened).isInstanceOfSatisfying(Opened.Message.class, message -> {
            assertThat(message.payloads()).isEqualTo(payloads);
            assertThat(message.first()).isEqualTo(first);
            assertThat(message.header().messageId()).isEqualTo(REQUEST.messageId());
        });
    }

    @Holds("7383-2.4-d")
    @ParameterizedTest
    @MethodSource("suites")
    void whatFitsIsNotCut_rfc7383_2_4(IkeSuite suite) throws DecodeException {
        try (Ends two = new Ends(suite)) {
            int size = two.initiator().seal(REQUEST, PAYLOADS).size();

            List<Bytes> whole = two.initiator().seal(REQUEST, PAYLOADS, size);
            assertThat(whole).hasSize(1);
            assertThat(sealed(whole.get(0)).payloadType()).isEqualTo(PayloadType.ENCRYPTED.code());
            assertWhole(two.responder().open(whole.get(0), new Reassembly()), PAYLOADS, whole.get(0));
            assertThat(two.initiator().seal(REQUEST, PAYLOADS, size - 1)).hasSize(2);
        }
    }

    // What comes in.

    private List<Bytes> cut(int most) {
        return initiator.seal(REQUEST, PAYLOADS, most);
    }

    private void assertDiscarded(Bytes datagram, Reason reason) {
        assertThat(responder.open(datagram, parts))
                .isInstanceOfSatisfying(
                        Opened.Discarded.class,
                        discarded -> assertThat(discarded.reason()).isEqualTo(reason));
    }

    /** Puts what is missing of {@code fragments} in. */
    private void complete(List<Bytes> fragments, int from) {
        for (Bytes fragment : fragments.subList(from, fragments.size() - 1)) {
            assertThat(responder.open(fragment, parts)).isInstanceOf(Opened.Partial.class);
        }
        assertWhole(responder.open(fragments.get(fragments.size() - 1), parts), PAYLOADS, fragments.get(0));
    }

    @Holds({"7383-2.6-b", "7383-2.6.1-a"})
    @Test
    void fragmentThatIsThereAlreadyIsDiscarded_rfc7383_2_6() {
        List<Bytes> fragments = cut(600);
        assertThat(responder.open(fragments.get(0), parts)).isEqualTo(new Opened.Partial(1, 4));
        for (int again = 0; again < 3; again++) {
            assertDiscarded(fragments.get(0), Reason.STALE_FRAGMENT);
            // Sealed anew it is the same.
            assertDiscarded(cut(600).get(0), Reason.STALE_FRAGMENT);
        }
        complete(fragments, 1);
    }

    @Holds({"7383-2.6-a", "7383-2.6-d"})
    @Test
    void finerSetTakesTheCoarserOnesPlaceAndNotTheOtherWayRound_rfc7383_2_6() {
        List<Bytes> coarse = cut(1200);
        List<Bytes> fine = cut(600);
        assertThat(responder.open(coarse.get(1), parts)).isEqualTo(new Opened.Partial(1, 2));
        assertThat(responder.open(fine.get(0), parts)).isEqualTo(new Opened.Partial(1, 4));
        assertThat(responder.open(fine.get(1), parts)).isEqualTo(new Opened.Partial(2, 4));
        coarse.forEach(fragment -> assertDiscarded(fragment, Reason.STALE_FRAGMENT));
        complete(fine, 2);
    }

    /** Number and total are authenticated: with another total or number it is a forgery. */
    @Holds({"7383-2.6-a", "7383-2.6-c"})
    @Test
    void forgedFragmentsChangeNothing_rfc7383_2_6() {
        List<Bytes> fragments = cut(600);
        assertThat(responder.open(fragments.get(0), parts)).isEqualTo(new Opened.Partial(1, 4));
        for (int total : new int[] {4, 5, 64, 65, 0xffff}) {
            for (int number = 1; number <= Math.min(total, 70); number++) {
                if (total != 4 || number != 1) {
                    Bytes forged = renumbered(fragments.get(0), number, total);
                    assertDiscarded(forged, Reason.BAD_CHECKSUM);
                }
            }
        }
        for (int[] impossible : new int[][] {{0, 4}, {5, 4}, {1, 0}, {0, 0}, {0xffff, 4}}) {
            assertDiscarded(renumbered(fragments.get(1), impossible[0], impossible[1]), Reason.NOT_A_MESSAGE);
        }
        for (int bit = 8 * 28; bit < 8 * fragments.get(1).size(); bit++) {
            byte[] changed = fragments.get(1).toArray();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(responder.open(Bytes.wrap(changed), parts)).isInstanceOf(Opened.Discarded.class);
        }
        complete(fragments, 1);
    }

    private static Bytes renumbered(Bytes fragment, int number, int total) {
        byte[] changed = fragment.toArray();
        changed[32] = (byte) (number >> 8);
        changed[33] = (byte) number;
        changed[34] = (byte) (total >> 8);
        changed[35] = (byte) total;
        return Bytes.wrap(changed);
    }

    /** A fragment of the initiator's keys, with any plaintext, padded or not. */
    private Bytes fragment(IkeHeader header, int number, int total, Bytes plaintext) {
        int size = ends.ivSize() + plaintext.size() + ends.checksumSize();
        return ends.sealed(MessageCodec.fragmentFrame(header, 0, number, total, size), plaintext);
    }

    @Holds({"7383-5-a", "7383-5-b", "7383-5-c"})
    @Test
    void noMoreIsKeptThanAMessageHas_rfc7383_5() {
        Bytes much = Bytes.concat(Bytes.of(new byte[30_000]), Bytes.of((byte) 0));
        assertThat(responder.open(fragment(REQUEST, 1, 3, much), parts)).isEqualTo(new Opened.Partial(1, 3));
        assertThat(responder.open(fragment(REQUEST, 2, 3, much), parts)).isEqualTo(new Opened.Partial(2, 3));
        assertThat(responder.open(fragment(REQUEST, 3, 3, much), parts))
                .isEqualTo(new Opened.Excessive(
                        "a message in 3 fragments, with 90000 octets so far; at most 64 and 65536 are taken"));
        assertThat(parts.isEmpty()).isTrue();
        assertThat(responder.open(fragment(REQUEST, 65, 65, Bytes.of((byte) 0)), parts))
                .isInstanceOf(Opened.Excessive.class);
        assertThat(parts.isEmpty()).isTrue();
        assertThat(responder.open(fragment(REQUEST, 64, 64, Bytes.of((byte) 0)), parts))
                .isEqualTo(new Opened.Partial(1, 64));
    }

    /** Empty ones, too, count (RFC 7383 §2.5.3). */
    @Test
    void emptyFragmentsAreFragments() {
        assertThat(responder.open(fragment(REQUEST, 2, 2, Bytes.of((byte) 0)), parts))
                .isEqualTo(new Opened.Partial(1, 2));
        Bytes first = fragment(REQUEST, 1, 2, Bytes.of((byte) 0));
        assertWhole(responder.open(first, parts), List.of(), first);
    }

    @Test
    void oneFragmentIsAMessage() {
        Bytes only = fragment(REQUEST, 1, 1, Bytes.of((byte) 0));
        assertWhole(responder.open(only, parts), List.of(), only);
    }

    @Test
    void anotherMessageTakesThePlaceOfOneThatDidNotBecomeWhole() {
        IkeHeader next = IkeHeader.of(
                REQUEST.initiatorSpi(), REQUEST.responderSpi(), ExchangeType.INFORMATIONAL.code(), true, false, 4);
        assertThat(responder.open(cut(600).get(0), parts)).isEqualTo(new Opened.Partial(1, 4));
        List<Bytes> others = initiator.seal(next, PAYLOADS, 1200);
        assertThat(responder.open(others.get(0), parts)).isEqualTo(new Opened.Partial(1, 2));
        assertThat(responder.open(others.get(1), parts)).isInstanceOf(Opened.Message.class);
    }

    @Test
    void fragmentWithImpossiblePaddingIsDiscarded() {
        List<Bytes> fragments = cut(600);
        assertThat(responder.open(fragments.get(0), parts)).isEqualTo(new Opened.Partial(1, 4));
        assertDiscarded(fragment(REQUEST, 2, 4, Bytes.empty()), Reason.BROKEN_FRAGMENT);
        assertDiscarded(fragment(REQUEST, 2, 4, Bytes.hex("000009")), Reason.BROKEN_FRAGMENT);
        complete(fragments, 1);
    }

    /** Errors are found in the whole message; only the first fragment says what it begins with. */
    @Test
    void wholeThatIsNoMessageIsMalformed() {
        Bytes second = fragment(REQUEST, 2, 2, Bytes.hex("0000000500"));
        byte[] first = MessageCodec.fragmentFrame(
                        REQUEST, PayloadType.NONCE.code(), 1, 2, ends.ivSize() + 4 + ends.checksumSize())
                .toArray();
        Bytes begun = ends.sealed(Bytes.wrap(first), Bytes.hex("00000000"));
        assertThat(responder.open(second, parts)).isEqualTo(new Opened.Partial(1, 2));
        assertThat(responder.open(begun, parts)).isInstanceOfSatisfying(Opened.Malformed.class, malformed -> {
            assertThat(malformed.cause().fault()).isEqualTo(Fault.BAD_LENGTH);
            assertThat(malformed.first()).isEqualTo(begun);
        });
        assertThat(parts.isEmpty()).isTrue();
    }
}
