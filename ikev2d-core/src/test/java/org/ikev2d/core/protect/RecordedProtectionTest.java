package org.ikev2d.core.protect;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.vectors.Capture;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Recording;
import org.ikev2d.core.vectors.Vectors;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Sealed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sealed message that strongSwan and libreswan sent opens, to the plaintext that they logged. */
final class RecordedProtectionTest {
    private final Entropy entropy = new SystemEntropy();
    private final Algorithms algorithms = new JcaAlgorithms(entropy);

    static Stream<Recording> recordings() {
        return Recording.all().filter(recording -> !recording.keysets().isEmpty());
    }

    @Holds({"7296-3.14-d", "7296-3.14-h"})
    @ParameterizedTest
    @MethodSource("recordings")
    void recordedMessagesOpenToWhatWasLogged(Recording recording) throws DecodeException {
        List<JsonObject> described =
                Fields.objects(recording.json().getArray("messages")).toList();
        List<Capture.Message> messages = recording.messages();
        assertThat(messages).hasSameSizeAs(described);
        for (int i = 0; i < messages.size(); i++) {
            JsonObject expected = described.get(i);
            if (!expected.has("keyset")) {
                continue;
            }
            JsonObject keyset = recording.keysets().get(expected.getInt("keyset"));
            Bytes octets = messages.get(i).octets();
            try (IkeKeys keys = Recording.ikeKeys(keyset)) {
                Opened opened =
                        receiver(recording.ikeSuite(keyset), keys, octets).open(octets);
                if (expected.has("fragment")) {
                    assertThat(opened)
                            .isInstanceOfSatisfying(
                                    Opened.Discarded.class,
                                    discarded ->
                                            assertThat(discarded.reason()).isEqualTo(Opened.Discarded.Reason.FRAGMENT));
                } else {
                    assertPlaintext(opened, octets, expected);
                }
            }
        }
    }

    /** Plaintext that does not parse is told as such. */
    private static void assertPlaintext(Opened opened, Bytes octets, JsonObject expected) throws DecodeException {
        IkeHeader header = MessageCodec.decodeHeader(octets);
        try {
            Bytes plaintext = Fields.hex(expected, "plaintext");
            List<Payload> payloads = MessageCodec.decodePayloads(plaintext, expected.getInt("inner_first_payload"), 0);
            Sealed sealed = MessageCodec.decode(octets).sealed().orElseThrow();
            assertThat(opened)
                    .isEqualTo(new Opened.Message(header, payloads, octets, MessageCodec.unsealed(sealed, plaintext)));
        } catch (DecodeException e) {
            assertThat(opened).isInstanceOfSatisfying(Opened.Malformed.class, malformed -> {
                assertThat(malformed.header()).isEqualTo(header);
                assertThat(malformed.cause().fault()).isEqualTo(e.fault());
                assertThat(malformed.cause().path()).isEqualTo(e.path());
                assertThat(malformed.cause().offset()).isGreaterThan(e.offset());
            });
        }
    }

    /** The plaintexts of all fragments of a message, one behind the other, are its payloads. */
    @Test
    void recordedFragmentsBecomeTheMessagesTheyWereCutFrom_rfc7383_2_6() throws DecodeException {
        int whole = 0;
        for (Recording recording : recordings().toList()) {
            Reassembly parts = new Reassembly();
            Bytes plaintext = Bytes.empty();
            int firstInside = 0;
            List<Capture.Message> messages = recording.messages();
            for (int i = 0; i < messages.size(); i++) {
                JsonObject expected = recording.json().getArray("messages").getObject(i);
                if (!expected.has("fragment")) {
                    continue;
                }
                Bytes octets = messages.get(i).octets();
                int number = expected.getArray("fragment").getInt(0);
                int total = expected.getArray("fragment").getInt(1);
                plaintext = number == 1
                        ? Fields.hex(expected, "plaintext")
                        : Bytes.concat(plaintext, Fields.hex(expected, "plaintext"));
                if (number == 1) {
                    Sealed sealed = MessageCodec.decode(octets).sealed().orElseThrow();
                    firstInside = sealed.firstInnerPayload();
                }
                JsonObject keyset = recording.keysets().get(expected.getInt("keyset"));
                try (IkeKeys keys = Recording.ikeKeys(keyset)) {
                    Opened opened =
                            receiver(recording.ikeSuite(keyset), keys, octets).open(octets, parts);
                    if (number < total) {
                        assertThat(opened).isEqualTo(new Opened.Partial(number, total));
                    } else {
                        List<Payload> payloads = MessageCodec.decodePayloads(plaintext, firstInside, 0);
                        assertThat(opened)
                                .isInstanceOfSatisfying(
                                        Opened.Message.class,
                                        message -> assertThat(message.payloads())
                                                .isEqualTo(payloads)
                                                .anyMatch(Payload.Certificate.class::isInstance));
                        whole++;
                    }
                }
            }
        }
        assertThat(whole).isEqualTo(2);
    }

    /** The end that did not send the message. */
    private Protector receiver(IkeSuite suite, IkeKeys keys, Bytes message) throws DecodeException {
        IkeHeader header = MessageCodec.decodeHeader(message);
        return new Protector(algorithms, entropy, suite, keys, !header.fromInitiator());
    }

    @Test
    void perCpuConversationOfStrongswanOpens() throws DecodeException {
        JsonObject json = Vectors.json(Vectors.own("strongswan-6.1-per-cpu/conversation.json"));
        IkeSuite suite = new IkeSuite(
                EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, Prf.HMAC_SHA2_256, KeyExchangeMethod.CURVE25519);
        int opened = 0;
        try (IkeKeys keys = Recording.ikeKeys(json.getObject("ike_sa_keys"))) {
            for (JsonObject message : Fields.objects(json.getArray("messages")).toList()) {
                if (message.getInt("source_port") == 4500) {
                    Bytes payload = Fields.hex(message, "udp_payload");
                    Bytes octets = payload.slice(4, payload.size());
                    assertThat(receiver(suite, keys, octets).open(octets)).isInstanceOf(Opened.Message.class);
                    opened++;
                }
            }
        }
        assertThat(opened).isEqualTo(32);
    }

    @Test
    void exampleOfChaCha20Poly1305Opens_rfc7634_B() {
        JsonObject json = Vectors.json(Vectors.own("esp/chacha20poly1305-esp-ikev2-rfc7634.json"))
                .getObject("ikev2");
        IkeSuite suite = new IkeSuite(
                EncryptionAlgorithm.CHACHA20_POLY1305,
                256,
                Integrity.NONE,
                Prf.HMAC_SHA2_256,
                KeyExchangeMethod.CURVE25519);
        try (IkeKeys keys = keys(Fields.hex(json, "key"))) {
            Protector receiver = new Protector(algorithms, entropy, suite, keys, true);

            Opened opened = receiver.open(Fields.hex(json, "ike_message"));

            Payload notify = new Payload.Notify(0, Bytes.empty(), 16385, Bytes.hex("0000000a"));
            assertThat(opened)
                    .isInstanceOfSatisfying(
                            Opened.Message.class,
                            message -> assertThat(message.payloads()).containsExactly(notify));
        }
    }

    /** The counter starts with what entropy gives: the RFC's IV makes the RFC's message. */
    @Test
    void exampleOfChaCha20Poly1305IsSealed_rfc7634_B() throws DecodeException {
        JsonObject json = Vectors.json(Vectors.own("esp/chacha20poly1305-esp-ikev2-rfc7634.json"))
                .getObject("ikev2");
        IkeSuite suite = new IkeSuite(
                EncryptionAlgorithm.CHACHA20_POLY1305,
                256,
                Integrity.NONE,
                Prf.HMAC_SHA2_256,
                KeyExchangeMethod.CURVE25519);
        try (IkeKeys keys = keys(Fields.hex(json, "key"))) {
            Bytes expected = Fields.hex(json, "ike_message");
            Entropy iv = count -> Fields.hex(json, "iv").toArray();
            Protector sender = new Protector(algorithms, iv, suite, keys, false);
            Payload notify = new Payload.Notify(0, Bytes.empty(), 16385, Bytes.hex("0000000a"));

            assertThat(sender.seal(MessageCodec.decodeHeader(expected), List.of(notify)))
                    .isEqualTo(expected);
        }
    }

    private static IkeKeys keys(Bytes encryption) {
        return new IkeKeys(
                Secret.of(),
                Secret.of(),
                Secret.of(),
                Secret.of(encryption),
                Secret.of(encryption),
                Secret.of(),
                Secret.of());
    }

    @Test
    void capturesOfWiresharkOpen() throws DecodeException {
        for (String name : List.of("ikev2-decrypt-aes256gcm16.pcap", "ikev2-decrypt-aes256cbc.pcapng")) {
            Path file = Vectors.borrowed("captures/wireshark/" + name);
            JsonObject json = Vectors.json(file.resolveSibling(name.replaceAll("\\.pcap.*", ".json")));
            List<JsonObject> described =
                    Fields.objects(json.getArray("messages")).toList();
            List<Capture.Message> messages = Capture.messages(file);
            assertThat(messages).hasSameSizeAs(described);
            JsonObject recorded = json.getObject("keys");
            try (IkeKeys keys = Recording.ikeKeys(recorded)) {
                for (int i = 0; i < messages.size(); i++) {
                    Bytes octets = messages.get(i).octets();
                    if (described.get(i).getArray("payloads").contains(PayloadType.ENCRYPTED.code())) {
                        Opened opened =
                                receiver(wiresharkSuite(recorded), keys, octets).open(octets);
                        assertPlaintext(opened, octets, described.get(i));
                    }
                }
            }
        }
    }

    private static IkeSuite wiresharkSuite(JsonObject keys) {
        boolean aead = Fields.hex(keys, "sk_ai").isEmpty();
        return new IkeSuite(
                aead ? EncryptionAlgorithm.AES_GCM_16 : EncryptionAlgorithm.AES_CBC,
                256,
                aead ? Integrity.NONE : Integrity.HMAC_SHA2_256_128,
                Prf.HMAC_SHA2_256,
                KeyExchangeMethod.MODP_2048);
    }
}
