package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.grack.nanojson.JsonArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.vectors.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations of other implementations: what they say is read, and written again as they wrote it. */
final class RecordedMessagesTest {
    static List<Path> described() {
        return Corpus.described();
    }

    static List<Corpus.Message> messages() {
        return Corpus.messages();
    }

    static List<Corpus.Chain> chains() {
        return Corpus.chains();
    }

    @ParameterizedTest
    @MethodSource("described")
    void payloadTypesAreThoseThatOtherProgramsRead(Path pcap) throws DecodeException {
        JsonArray described = Vectors.json(Corpus.description(pcap)).getArray("messages");
        List<Corpus.Message> messages = Corpus.messages(pcap);
        assertThat(messages).hasSameSizeAs(described);
        for (int i = 0; i < messages.size(); i++) {
            List<Integer> expected = Corpus.numbers(described.getObject(i).getArray("payloads"));
            if (!expected.contains(255)) {
                assertThat(types(MessageCodec.decode(messages.get(i).octets()))).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messageIsWrittenAsItWasRead(Corpus.Message sample) throws DecodeException {
        OuterMessage message = MessageCodec.decode(sample.octets());
        Bytes expected = withoutReservedFlags(sample.octets());
        if (message.sealed().isEmpty()) {
            assertThat(MessageCodec.encode(message.header(), message.payloads()))
                    .isEqualTo(expected);
        } else if (message.sealed().get().payloadType() == 46) {
            Sealed body = message.sealed().get();
            Bytes frame = MessageCodec.sealedFrame(
                    message.header(), body.firstInnerPayload(), body.body().size());
            assertThat(Bytes.concat(frame, body.body())).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("chains")
    void decryptedPayloadsAreWrittenAsTheyWereRead(Corpus.Chain chain) throws DecodeException {
        List<Payload> payloads = MessageCodec.decodePayloads(chain.octets(), chain.firstType(), 0);
        assertThat(payloads).extracting(Payload::type).isEqualTo(chain.types());
        assertThat(MessageCodec.encodePayloads(payloads))
                .isEqualTo(new EncodedPayloads(chain.firstType(), chain.octets()));
    }

    @Test
    void fragmentsAreFramedAsRecordedAndTheirContentsJoinToOneChain() throws DecodeException {
        Path pcap = Vectors.own("captures/generated/auth-ecdsa-sigauth-fragmented.pcap");
        JsonArray described = Vectors.json(Corpus.description(pcap)).getArray("messages");
        List<Corpus.Message> messages = Corpus.messages(pcap);
        Bytes content = Bytes.empty();
        int firstInner = 0;
        int chains = 0;
        for (int i = 0; i < messages.size(); i++) {
            if (!described.getObject(i).has("fragment")) {
                continue;
            }
            Sealed fragment =
                    MessageCodec.decode(messages.get(i).octets()).sealed().orElseThrow();
            assertThat(List.of(fragment.fragmentNumber(), fragment.totalFragments()))
                    .isEqualTo(Corpus.numbers(described.getObject(i).getArray("fragment")));
            assertThat(Bytes.concat(fragment.associatedData(), fragment.body()))
                    .isEqualTo(messages.get(i).octets());
            assertThat(fragment.bodyOffset()).isEqualTo(36);

            content = Bytes.concat(content, Bytes.hex(described.getObject(i).getString("plaintext")));
            firstInner = fragment.fragmentNumber() == 1 ? fragment.firstInnerPayload() : firstInner;
            if (fragment.fragmentNumber() == fragment.totalFragments()) {
                List<Payload> payloads = MessageCodec.decodePayloads(content, firstInner, 0);
                assertThat(MessageCodec.encodePayloads(payloads).octets()).isEqualTo(content);
                content = Bytes.empty();
                chains++;
            }
        }
        assertThat(chains).isEqualTo(2);
    }

    @Test
    void unknownCriticalPayloadIsRefusedWithItsType_rfc7296_2_5() {
        Path pcap = Vectors.own("captures/impaired/impair-unknown-critical-init.pcap");
        Bytes request = Corpus.messages(pcap).get(0).octets();
        int lastPayload = request.size() - 4;
        DecodeException refusal = catchThrowableOfType(DecodeException.class, () -> MessageCodec.decode(request));
        assertThat(refusal.fault()).isEqualTo(DecodeException.Fault.UNKNOWN_CRITICAL);
        assertThat(refusal.value()).isEqualTo(255);
        assertThat(refusal.offset()).isEqualTo(lastPayload);
    }

    @Holds("7296-2.5-i")
    @Test
    void unknownPayloadThatIsNotCriticalIsCarried_rfc7296_2_5() throws DecodeException {
        List<Corpus.Chain> chains = Corpus.chains(Vectors.own("captures/impaired/impair-unknown-payload-sk.json"));
        Corpus.Chain auth = chains.get(0);
        assertThat(MessageCodec.decodePayloads(auth.octets(), auth.firstType(), 0))
                .hasAtLeastOneElementOfType(Payload.Opaque.class);
    }

    @Test
    void selectorCountThatLiesIsRefused_rfc7296_3_13() {
        Corpus.Chain auth = Corpus.chains(Vectors.own("captures/impaired/impair-ts-count-2.json"))
                .get(0);
        DecodeException refusal = catchThrowableOfType(
                DecodeException.class, () -> MessageCodec.decodePayloads(auth.octets(), auth.firstType(), 32));
        assertThat(refusal.fault()).isEqualTo(DecodeException.Fault.TRUNCATED);
        assertThat(refusal.path()).isEqualTo("message/ENCRYPTED/TRAFFIC_SELECTORS_INITIATOR/selector");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captures/wireshark/ikev2-decrypt-3des-sha1_160.pcap",
                "captures/wireshark/ikev2-decrypt-aes256cbc.pcapng",
                "captures/wireshark/ikev2-decrypt-aes256gcm16.pcap",
                "captures/third-party/scapy__ikev2_nat_t.pcapng",
                "captures/third-party/suricata__IKEv2_SA_INIT_2-8-weak.pcap"
            })
    void borrowedMessageIsWrittenAsItWasRead(String path) throws DecodeException {
        Path pcap = Vectors.borrowed(path);
        assertThat(Corpus.messages(pcap)).isNotEmpty();
        for (Corpus.Message sample : Corpus.messages(pcap)) {
            messageIsWrittenAsItWasRead(sample);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captures/wireshark/ikev2-decrypt-3des-sha1_160.json",
                "captures/wireshark/ikev2-decrypt-aes256cbc.json",
                "captures/wireshark/ikev2-decrypt-aes256gcm16.json"
            })
    void borrowedDecryptedPayloadsAreWrittenAsTheyWereRead(String path) throws DecodeException {
        List<Corpus.Chain> chains = Corpus.chains(Vectors.borrowed(path));
        assertThat(chains).isNotEmpty();
        for (Corpus.Chain chain : chains) {
            decryptedPayloadsAreWrittenAsTheyWereRead(chain);
        }
    }

    private static List<Integer> types(OuterMessage message) {
        List<Integer> types = new ArrayList<>();
        message.payloads().forEach(payload -> types.add(payload.type()));
        message.sealed().ifPresent(body -> types.add(body.payloadType()));
        return types;
    }

    /** What we write has only the Response and Initiator flags: one recording sets a reserved one on purpose. */
    private static Bytes withoutReservedFlags(Bytes message) {
        byte[] octets = message.toArray();
        octets[19] &= 0x28;
        return Bytes.wrap(octets);
    }
}
