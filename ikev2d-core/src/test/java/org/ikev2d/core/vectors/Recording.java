package org.ikev2d.core.vectors;

import com.grack.nanojson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/** One file of {@code captures/generated} or {@code captures/impaired}; its README tells the fields. */
public record Recording(Path file, JsonObject json) {
    /** Those made with algorithms that we have. */
    public static Stream<Recording> all() {
        return Stream.of("captures/generated", "captures/impaired")
                .flatMap(folder -> Vectors.files(Vectors.own(folder), ".json").stream())
                .filter(file -> !file.endsWith("reactions.json"))
                .map(file -> new Recording(file, Vectors.json(file)))
                .filter(recording -> !recording.json.getString("prf").equals("hmac-sha1"));
    }

    public Prf prf() {
        String name = json.getString("prf");
        return switch (name) {
            case "hmac-sha256" -> Prf.HMAC_SHA2_256;
            case "hmac-sha384" -> Prf.HMAC_SHA2_384;
            case "hmac-sha512" -> Prf.HMAC_SHA2_512;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The keysets of IKE SAs; one that is a change of another (RFC 8784) has no g^ir of its own. */
    public List<JsonObject> ikeKeysets() {
        return keysets().stream().filter(keyset -> keyset.has("skeyseed_from")).toList();
    }

    public List<JsonObject> keysets() {
        return Fields.objects(json.getArray("keysets")).toList();
    }

    /** The messages, as many as {@code json}'s "messages" and in their order. */
    public List<Capture.Message> messages() {
        return Capture.messages(
                file.resolveSibling(file.getFileName().toString().replace(".json", ".pcap")));
    }

    public IkeSuite ikeSuite(JsonObject keyset) {
        EncryptionAlgorithm encryption = encryption();
        int octets = Fields.hex(keyset, "sk_ei").size() - (encryption == EncryptionAlgorithm.AES_CBC ? 0 : 4);
        Integrity integrity = integrity(Fields.hex(keyset, "sk_ai").size());
        return new IkeSuite(encryption, 8 * octets, integrity, prf(), KeyExchangeMethod.CURVE25519);
    }

    /** The recorded keys themselves, not derived. */
    public static IkeKeys ikeKeys(JsonObject keyset) {
        return new IkeKeys(
                Fields.secret(keyset, "sk_d"),
                Fields.secret(keyset, "sk_ai"),
                Fields.secret(keyset, "sk_ar"),
                Fields.secret(keyset, "sk_ei"),
                Fields.secret(keyset, "sk_er"),
                Fields.secret(keyset, "sk_pi"),
                Fields.secret(keyset, "sk_pr"));
    }

    /** What a Child SA was made with, told from the lengths of its keys: combined-mode keys are all alike. */
    public static EspSuite espSuite(JsonObject child) {
        int encryption = Fields.hex(child, "encryption_initiator_key").size();
        Integrity integrity =
                integrity(Fields.hex(child, "integrity_initiator_key").size());
        return integrity == Integrity.NONE
                ? new EspSuite(EncryptionAlgorithm.AES_GCM_16, 8 * (encryption - 4), integrity, false)
                : new EspSuite(EncryptionAlgorithm.AES_CBC, 8 * encryption, integrity, false);
    }

    /** The number of the keyset whose SK_d made this one, where it came of rekeying. */
    public static Optional<Integer> parent(JsonObject keyset) {
        String formula = keyset.getString("skeyseed_from");
        String start = "prf(SK_d of keyset ";
        return formula.startsWith(start)
                ? Optional.of(Integer.valueOf(formula.substring(start.length(), formula.indexOf(','))))
                : Optional.empty();
    }

    private EncryptionAlgorithm encryption() {
        String name = json.getString("encr");
        return switch (name) {
            case "aes-cbc" -> EncryptionAlgorithm.AES_CBC;
            case "aes-gcm16" -> EncryptionAlgorithm.AES_GCM_16;
            case "chacha" -> EncryptionAlgorithm.CHACHA20_POLY1305;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Integrity integrity(int keyOctets) {
        return switch (keyOctets) {
            case 0 -> Integrity.NONE;
            case 32 -> Integrity.HMAC_SHA2_256_128;
            case 48 -> Integrity.HMAC_SHA2_384_192;
            case 64 -> Integrity.HMAC_SHA2_512_256;
            default -> throw new IllegalArgumentException("integrity key of " + keyOctets + " octets");
        };
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
