package org.ikev2d.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.WatchedAlgorithms;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Recording;
import org.ikev2d.core.vectors.Vectors;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PskAuthenticationTest {
    private final Algorithms algorithms = new JcaAlgorithms(new SystemEntropy());

    static Stream<Recording> recordings() {
        return Recording.all()
                .filter(recording -> !recording.json().getArray("auth").isEmpty());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void bothEndsAuthenticateAsRecorded_rfc7296_2_15(Recording recording) {
        Fields.objects(recording.json().getArray("auth")).forEach(auth -> {
            Bytes id = Fields.hex(auth, "idx");
            Identity identity = new Identity(id.at(0), id.slice(4, id.size()));
            assertAuth(recording.prf(), auth, identity, Fields.hex(auth, "octets"), Fields.hex(auth, "secret"));
        });
    }

    private void assertAuth(Prf prf, JsonObject auth, Identity identity, Bytes expected, Bytes secret) {
        try (Secret skP = Fields.secret(auth, "sk_p");
                Secret psk = Secret.of(secret)) {
            SignedOctets signed = signed(prf, expected, skP, identity);
            assertThat(signed.octets()).isEqualTo(expected);
            Bytes data = Fields.hex(auth, "auth");
            assertThat(PskAuthentication.compute(algorithms, prf, psk, signed)).isEqualTo(data);
            assertThat(PskAuthentication.verify(algorithms, prf, psk, signed, data))
                    .isTrue();
        }
    }

    /** Takes recorded octets apart: a message whose header tells its length, a nonce, and what we compute anew. */
    private SignedOctets signed(Prf prf, Bytes recorded, Secret skP, Identity identity) {
        int messageSize = Integer.parseUnsignedInt(recorded.slice(24, 28).toHex(), 16);
        int macSize = prf == Prf.HMAC_SHA2_256 ? 32 : prf == Prf.HMAC_SHA2_384 ? 48 : 64;
        return SignedOctets.of(
                algorithms,
                prf,
                recorded.slice(0, messageSize),
                recorded.slice(messageSize, recorded.size() - macSize),
                skP,
                new Payload.Identification(true, identity),
                Bytes.empty());
    }

    @Test
    void perCpuConversationOfStrongswanAuthenticates_rfc7296_2_15() {
        JsonObject json = Vectors.json(Vectors.own("strongswan-6.1-per-cpu/conversation.json"));
        Bytes secret = ascii(json.getString("psk_ascii"));
        for (String role : new String[] {"initiator", "responder"}) {
            JsonObject auth = json.getObject("auth").getObject(role);
            Identity identity = new Identity(
                    IdType.FQDN.code(), ascii(json.getObject(role + "_id").getString("value")));
            try (Secret skP = Fields.secret(json.getObject("ike_sa_keys"), "sk_p" + role.charAt(0));
                    Secret psk = Secret.of(secret)) {
                Bytes octets = Fields.hex(auth, "signed_octets");
                SignedOctets signed = signed(Prf.HMAC_SHA2_256, octets, skP, identity);
                assertThat(signed.octets()).isEqualTo(octets);
                assertThat(PskAuthentication.verify(
                                algorithms, Prf.HMAC_SHA2_256, psk, signed, Fields.hex(auth, "auth_data")))
                        .isTrue();
            }
        }
    }

    @Test
    void anythingElseIsRefused() {
        SignedOctets signed = new SignedOctets(ascii("message, nonce, MACed ID"));
        try (Secret psk = Secret.of(ascii("a"));
                Secret other = Secret.of(ascii("b"))) {
            Bytes auth = PskAuthentication.compute(algorithms, Prf.HMAC_SHA2_256, psk, signed);

            assertThat(verify(psk, signed, auth)).isTrue();
            assertThat(verify(other, signed, auth)).isFalse();
            assertThat(verify(psk, new SignedOctets(ascii("message, nonce, MACed id")), auth))
                    .isFalse();
            assertThat(verify(psk, signed, auth.slice(0, 31))).isFalse();
            assertThat(verify(psk, signed, Bytes.concat(auth, Bytes.of((byte) 0))))
                    .isFalse();
            assertThat(verify(psk, signed, Bytes.empty())).isFalse();
            for (int bit = 0; bit < 8 * auth.size(); bit++) {
                byte[] wrong = auth.toArray();
                wrong[bit / 8] ^= (byte) (1 << (bit % 8));
                assertThat(verify(psk, signed, Bytes.of(wrong))).isFalse();
            }
        }
    }

    private boolean verify(Secret psk, SignedOctets signed, Bytes auth) {
        return PskAuthentication.verify(algorithms, Prf.HMAC_SHA2_256, psk, signed, auth);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void onlyThePskIsLeftOpenWhateverFails(int failingCall) {
        WatchedAlgorithms watched = new WatchedAlgorithms(new SystemEntropy(), failingCall);
        SignedOctets signed = new SignedOctets(ascii("octets"));
        try (Secret psk = Secret.of(ascii("key"))) {
            if (failingCall == 0) {
                assertThat(PskAuthentication.compute(watched, Prf.HMAC_SHA2_256, psk, signed)
                                .size())
                        .isEqualTo(32);
            } else {
                assertThatThrownBy(
                                () -> PskAuthentication.verify(watched, Prf.HMAC_SHA2_256, psk, signed, Bytes.empty()))
                        .isInstanceOf(WatchedAlgorithms.PlannedFailure.class);
            }
            assertThat(watched.open()).containsExactly(psk);
        }
    }

    private static Bytes ascii(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
