package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.vectors.Capture;
import org.ikev2d.core.vectors.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the octets: a value or a {@link DecodeException} that points into them, and soon. */
@Timeout(60)
final class HostileOctetsTest {
    static List<Corpus.Message> messages() {
        return Corpus.messages();
    }

    static List<Corpus.Message> unsealed() {
        return Corpus.unsealed();
    }

    static List<Corpus.Chain> chains() {
        return Corpus.chains();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyTruncationIsRefused(Corpus.Message sample) {
        for (int size = 0; size < sample.octets().size(); size++) {
            assertThat(refusalOf(sample.octets().slice(0, size))).isPresent();
        }
    }

    @ParameterizedTest
    @MethodSource("unsealed")
    void everyTruncationWithAFittingLengthFieldIsRefused(Corpus.Message sample) {
        for (int size = IkeHeader.SIZE; size < sample.octets().size(); size++) {
            assertThat(refusalOf(withLength(sample.octets().slice(0, size)))).isPresent();
        }
    }

    @ParameterizedTest
    @MethodSource("unsealed")
    void oneOctetMoreIsRefused(Corpus.Message sample) {
        Bytes longer = Bytes.concat(sample.octets(), Bytes.of((byte) 0));
        assertThat(refusalOf(longer).orElseThrow().fault()).isEqualTo(Fault.BAD_LENGTH);
        DecodeException refusal = refusalOf(withLength(longer)).orElseThrow();
        assertThat(refusal.fault()).isEqualTo(Fault.TRAILING);
        assertThat(refusal.offset()).isEqualTo(sample.octets().size());
    }

    @ParameterizedTest
    @MethodSource("chains")
    void everyTruncationOfDecryptedPayloadsIsRefused(Corpus.Chain chain) {
        for (int size = 0; size < chain.octets().size(); size++) {
            assertThat(refusalOf(chain.octets().slice(0, size), chain.firstType()))
                    .isPresent();
        }
    }

    /** The shortest messages, and requests and answers of three implementations. */
    static Stream<Corpus.Message> toMutate() {
        List<Corpus.Message> all = Corpus.unsealed();
        return Stream.concat(
                all.stream().limit(4),
                all.stream()
                        .filter(message -> message.name().matches("interop.*initiator.* [12]|pcpu-f.* 1|openiked.*")));
    }

    @ParameterizedTest
    @MethodSource("toMutate")
    void everyMutationOfOneOctetIsReadOrRefused(Corpus.Message sample) {
        byte[] octets = sample.octets().toArray();
        for (int at = 0; at < octets.length; at++) {
            byte original = octets[at];
            for (int value = 0; value < 256; value++) {
                octets[at] = (byte) value;
                readOrRefused(Bytes.of(octets));
            }
            octets[at] = original;
        }
    }

    @ParameterizedTest
    @MethodSource("chains")
    void mutationsOfDecryptedPayloadsAreReadOrRefused(Corpus.Chain chain) {
        byte[] octets = chain.octets().toArray();
        for (int at = 0; at < octets.length; at++) {
            byte original = octets[at];
            for (int value : new int[] {0, 1, 2, 3, 4, 7, 8, 33, 44, 46, 53, 0x7f, 0x80, 0xfe, 0xff}) {
                octets[at] = (byte) value;
                readOrRefused(Bytes.of(octets), chain.firstType());
            }
            octets[at] = original;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomPayloadsAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = new byte[random.nextInt(64)];
            random.nextBytes(octets);
            if (octets.length >= 4 && random.nextBoolean()) {
                octets[0] = 0;
                octets[2] = 0;
                octets[3] = (byte) octets.length;
            }
            readOrRefused(Bytes.wrap(octets), random.nextInt(33, 54));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void scatteredMutationsAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        for (Corpus.Message sample : Corpus.unsealed()) {
            for (int round = 0; round < 300; round++) {
                byte[] octets = sample.octets().toArray();
                for (int change = random.nextInt(1, 8); change > 0; change--) {
                    int at = random.nextInt(octets.length);
                    octets[at] = random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (octets[at] ^ 1);
                }
                readOrRefused(Bytes.wrap(octets));
            }
        }
    }

    /** OpenIKED's test asks of its parser that the unchanged seed is good. */
    @ParameterizedTest
    @CsvSource({
        "sa_pld, 33", "saxform_pld, 33", "ke_pld, 34", "nonce_pld, 40", "id_pld, 35", "id_pld, 36", "certreq_pld, 38",
        "auth_pld, 39", "delete_pld, 42", "vendor_pld, 43", "ts_pld, 44", "ts_pld, 45", "cp_pld, 47", "eap_pld, 48"
    })
    void openikedSeedIsReadAndItsMutationsAreReadOrRefused(String seed, int type) {
        Bytes octets = Corpus.openiked(seed);
        assertThat(refusalOf(octets, type)).isEmpty();
        mutationsOfDecryptedPayloadsAreReadOrRefused(new Corpus.Chain(seed, type, List.of(), octets));
    }

    /** Two seeds have octets behind a payload that says it is the last, and one is an Encrypted payload. */
    @ParameterizedTest
    @CsvSource({
        "notify_pld, 41, TRAILING",
        "cert_pld, 37, TRAILING",
        "sk_pld, 46, BAD_VALUE",
        "skf_1of1_pld, 53, BAD_VALUE"
    })
    void openikedSeedThatIsNoWholeChainIsRefused(String seed, int type, Fault fault) {
        Bytes octets = Corpus.openiked(seed);
        assertThat(refusalOf(octets, type).orElseThrow().fault()).isEqualTo(fault);
        mutationsOfDecryptedPayloadsAreReadOrRefused(new Corpus.Chain(seed, type, List.of(), octets));
    }

    /** Both have an initiator SPI of zero; the second a payload too short for its type as well. */
    @ParameterizedTest
    @ValueSource(strings = {"ikev2-id-normal.pcap", "ikev2-id-short.pcap"})
    void tcpdumpsMessageIsRefused(String name) {
        Bytes message = Capture.messages(Vectors.own("malformed/tcpdump/" + name))
                .get(0)
                .octets();
        assertThat(refusalOf(message).orElseThrow())
                .hasMessageStartingWith("BAD_VALUE at octet 0 in message/initiator SPI");
    }

    /** Borrowed for its licence. */
    @Test
    void libreswansBadPacketsAreReadOrRefused() {
        var packets = Vectors.json(Vectors.borrowed("malformed/libreswan-bad-packets-sample.json"))
                .getArray("packets");
        packets.forEach(packet -> readOrRefused(Bytes.hex((String) packet)));
    }

    @Test
    void payloadsBeyondTheLimitAreRefusedBeforeTheyAreRead() {
        List<Payload> most = new ArrayList<>();
        IntStream.range(0, PayloadDecoder.MAX_PAYLOADS).forEach(i -> most.add(new Payload.VendorId(Bytes.empty())));
        EncodedPayloads good = MessageCodec.encodePayloads(most);
        assertThat(refusalOf(good.octets(), good.firstPayloadType())).isEmpty();

        most.add(new Payload.VendorId(Bytes.empty()));
        EncodedPayloads bad = MessageCodec.encodePayloads(most);
        DecodeException refusal =
                refusalOf(bad.octets(), bad.firstPayloadType()).orElseThrow();
        assertThat(refusal).hasMessage("BAD_VALUE at octet 256 in message/ENCRYPTED: expected at most 64 payloads");
    }

    /** The largest datagram, filled with the smallest structures of each kind, a hundred times. */
    @Test
    @Timeout(10)
    void largestMessagesTakeLinearTime() {
        int room = 65507 - IkeHeader.SIZE - 4;
        Bytes payloads = repeated("c8000004", room / 4);
        Bytes attributes = repeated("800d0001", (room - 16) / 4);
        Bytes proposals = Bytes.concat(
                new ByteWriter()
                        .u32(attributes.size() + 16)
                        .u32(0x01010001)
                        .u32(attributes.size() + 8)
                        .u32(0x01000001)
                        .toBytes(),
                attributes);
        Bytes deletes = Bytes.concat(Bytes.hex("01000000"), repeated("00000000", room / 4 - 1));
        Bytes selectors = Bytes.concat(Bytes.hex("ff000000"), repeated("09000004", 255));
        for (int round = 0; round < 100; round++) {
            readOrRefused(payloads, 200);
            readOrRefused(framed(proposals), PayloadType.SECURITY_ASSOCIATION.code());
            readOrRefused(framed(deletes), PayloadType.DELETE.code());
            readOrRefused(framed(selectors), PayloadType.TRAFFIC_SELECTORS_INITIATOR.code());
        }
        assertThat(refusalOf(framed(proposals), PayloadType.SECURITY_ASSOCIATION.code()))
                .isEmpty();
    }

    private static Bytes repeated(String hex, int times) {
        return Bytes.hex(hex.repeat(times));
    }

    private static Bytes framed(Bytes body) {
        return Bytes.concat(new ByteWriter().u32(4 + body.size()).toBytes(), body);
    }

    private static Bytes withLength(Bytes message) {
        return new ByteWriter().bytes(message).patchU32(24, message.size()).toBytes();
    }

    private static Optional<DecodeException> refusalOf(Bytes message) {
        return Optional.ofNullable(catchThrowableOfType(DecodeException.class, () -> MessageCodec.decode(message)));
    }

    private static Optional<DecodeException> refusalOf(Bytes octets, int firstType) {
        return Optional.ofNullable(
                catchThrowableOfType(DecodeException.class, () -> MessageCodec.decodePayloads(octets, firstType, 0)));
    }

    private static void readOrRefused(Bytes message) {
        try {
            expectSameAgain(MessageCodec.decode(message).payloads());
        } catch (DecodeException e) {
            expectInside(e, message);
        }
    }

    private static void readOrRefused(Bytes octets, int firstType) {
        try {
            expectSameAgain(MessageCodec.decodePayloads(octets, firstType, 0));
        } catch (DecodeException e) {
            expectInside(e, octets);
        }
    }

    /** Plain comparisons here and below: an assertion object for each of a million inputs takes most of the time. */
    private static void expectInside(DecodeException e, Bytes octets) {
        if (e.offset() < 0 || e.offset() > octets.size()) {
            throw new AssertionError(e + " for " + octets.toHex());
        }
    }

    /** What was read can be written, and then says the same; but a TS of unknown types only has lost its content. */
    private static void expectSameAgain(List<Payload> payloads) throws DecodeException {
        boolean selectorsLost = payloads.stream()
                .anyMatch(payload -> payload instanceof Payload.TrafficSelectors selectors
                        && selectors.selectors().isEmpty());
        if (!selectorsLost) {
            EncodedPayloads again = MessageCodec.encodePayloads(payloads);
            if (!MessageCodec.decodePayloads(again.octets(), again.firstPayloadType(), 0)
                    .equals(payloads)) {
                throw new AssertionError(payloads + " became " + again);
            }
        }
    }
}
