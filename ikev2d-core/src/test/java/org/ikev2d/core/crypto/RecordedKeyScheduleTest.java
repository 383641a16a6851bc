package org.ikev2d.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Recording;
import org.ikev2d.core.vectors.Vectors;
import org.ikev2d.core.wire.IkeSpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The keys of RFC 7296 §2.14, §2.17 and §2.18 are those that strongSwan and libreswan computed. */
final class RecordedKeyScheduleTest {
    private final Algorithms algorithms = new JcaAlgorithms(new SystemEntropy());

    static Stream<Recording> ikeSas() {
        return Recording.all().filter(recording -> !recording.ikeKeysets().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("ikeSas")
    void ikeKeysAreThoseThatWereRecorded(Recording recording) {
        for (JsonObject keyset : recording.ikeKeysets()) {
            IkeSuite suite = recording.ikeSuite(keyset);
            Bytes nonces = Fields.hex(keyset, "nonces");
            var spis = keyset.getArray("spis").getArray(0);
            IkeSpi spiI = new IkeSpi(Long.parseUnsignedLong(spis.getString(0), 16));
            IkeSpi spiR = new IkeSpi(Long.parseUnsignedLong(spis.getString(1), 16));
            try (Secret shared = Fields.secret(keyset, "ke_secret");
                    IkeKeys expected = Recording.ikeKeys(keyset);
                    IkeKeys derived = Recording.parent(keyset)
                            .map(parent -> {
                                try (Secret oldSkD =
                                        Fields.secret(recording.keysets().get(parent), "sk_d")) {
                                    return IkeKeys.deriveRekeyed(
                                            algorithms,
                                            suite,
                                            recording.prf(),
                                            oldSkD,
                                            shared,
                                            nonces,
                                            Bytes.empty(),
                                            spiI,
                                            spiR);
                                }
                            })
                            .orElseGet(() ->
                                    IkeKeys.derive(algorithms, suite, shared, nonces, Bytes.empty(), spiI, spiR))) {
                assertThat(concat(derived)).isEqualTo(concat(expected));
                assertThat(octets(derived.skEr())).isEqualTo(Fields.hex(keyset, "sk_er"));
            }
        }
    }

    static Stream<Recording> childSas() {
        return Recording.all()
                .filter(recording -> !recording.json().getArray("child_sas").isEmpty());
    }

    @Holds({"7296-2.17-a", "7296-2.17-b", "7296-2.17-c"})
    @ParameterizedTest
    @MethodSource("childSas")
    void childKeysAreThoseThatWereRecorded(Recording recording) {
        Fields.objects(recording.json().getArray("child_sas")).forEach(child -> {
            JsonObject keyset = recording.keysets().get(child.getInt("keymat_from_keyset"));
            int sharedSize = Fields.hex(child, "ke_secret").size();
            Bytes seed = Fields.hex(child, "seed");
            Optional<Secret> shared =
                    sharedSize == 0 ? Optional.empty() : Optional.of(Secret.of(seed.slice(0, sharedSize)));
            try (Secret skD = Fields.secret(keyset, "sk_d");
                    ChildKeys keys = ChildKeys.derive(
                            algorithms,
                            recording.prf(),
                            skD,
                            Recording.espSuite(child),
                            shared,
                            seed.slice(sharedSize, seed.size()),
                            Bytes.empty())) {
                assertThat(octets(keys.initiatorToResponder().encryption()))
                        .isEqualTo(Fields.hex(child, "encryption_initiator_key"));
                assertThat(octets(keys.initiatorToResponder().integrity()))
                        .isEqualTo(Fields.hex(child, "integrity_initiator_key"));
                assertThat(octets(keys.responderToInitiator().encryption()))
                        .isEqualTo(Fields.hex(child, "encryption_responder_key"));
                assertThat(octets(keys.responderToInitiator().integrity()))
                        .isEqualTo(Fields.hex(child, "integrity_responder_key"));
            }
        });
    }

    @Test
    void perCpuConversationOfStrongswanHasOurKeys() {
        JsonObject json = Vectors.json(Vectors.own("strongswan-6.1-per-cpu/conversation.json"));
        JsonObject sa = json.getObject("ike_sa_keys");
        Bytes firstMessage = Bytes.hex(json.getArray("messages").getObject(1).getString("udp_payload"));
        IkeSuite suite = new IkeSuite(
                EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, Prf.HMAC_SHA2_256, KeyExchangeMethod.CURVE25519);
        try (Secret shared = Fields.secret(sa, "key_exchange_secret");
                IkeKeys keys = IkeKeys.derive(
                        algorithms,
                        suite,
                        shared,
                        Fields.hex(sa, "nonces_ni_nr"),
                        Bytes.empty(),
                        spiAt(firstMessage, 0),
                        spiAt(firstMessage, 8))) {
            assertThat(concat(keys)).isEqualTo(concat(Recording.ikeKeys(sa)));
            assertThat(childKeysOfLog(json, keys.skD())).isEqualTo(10);
        }
    }

    /** The log is a sequence of "seed" and two keys each, "key exchange secret" before where there was one. */
    private int childKeysOfLog(JsonObject json, Secret skD) {
        EspSuite suite = new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, false);
        List<JsonObject> log = Fields.objects(json.getArray("child_sa_key_log")).toList();
        int checked = 0;
        Bytes shared = Bytes.empty();
        for (int i = 0; i < log.size(); i++) {
            Bytes octets = Fields.hex(log.get(i), "octets");
            switch (log.get(i).getString("what")) {
                case "key exchange secret" -> shared = octets;
                case "seed" -> {
                    Optional<Secret> secret = shared.isEmpty() ? Optional.empty() : Optional.of(Secret.of(shared));
                    Bytes nonces = octets.slice(shared.size(), octets.size());
                    try (ChildKeys keys = ChildKeys.derive(
                            algorithms, Prf.HMAC_SHA2_256, skD, suite, secret, nonces, Bytes.empty())) {
                        assertThat(octets(keys.initiatorToResponder().encryption()))
                                .isEqualTo(Fields.hex(log.get(i + 1), "octets"));
                        assertThat(octets(keys.responderToInitiator().encryption()))
                                .isEqualTo(Fields.hex(log.get(i + 2), "octets"));
                    }
                    checked++;
                }
                default -> {}
            }
        }
        return checked;
    }

    private static IkeSpi spiAt(Bytes message, int offset) {
        return new IkeSpi(
                Long.parseUnsignedLong(message.slice(offset, offset + 8).toHex(), 16));
    }

    private static Bytes octets(Secret secret) {
        return secret.use(Bytes::of);
    }

    private static Bytes concat(IkeKeys keys) {
        return Bytes.concat(
                octets(keys.skD()),
                octets(keys.skAi()),
                octets(keys.skAr()),
                octets(keys.skEi()),
                octets(keys.skEr()),
                octets(keys.skPi()),
                octets(keys.skPr()));
    }
}
