package org.ikev2d.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Certificate;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.PublicKeys;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.registry.CertEncoding;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.HashAlgorithm;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.vectors.Capture;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Recording;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What strongSwan's ends proved themselves with verifies as they showed it. */
final class RecordedSignatureTest {
    private final Algorithms algorithms = new JcaAlgorithms(new SystemEntropy());

    static Stream<Recording> recordings() {
        return Recording.all().filter(recording -> recording.json().has("certificates_pem"));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void bothEndsSignaturesVerify_rfc7427_3(Recording recording) throws Exception {
        for (boolean initiator : new boolean[] {true, false}) {
            List<Payload> message = ikeAuth(recording, initiator);
            Payload.Identification id = identification(message, initiator);
            Payload.Authentication proof = message.stream()
                    .filter(Payload.Authentication.class::isInstance)
                    .map(Payload.Authentication.class::cast)
                    .findFirst()
                    .orElseThrow();
            PublicKey key = shownKey(message);
            PeerOffer offer = PeerOffer.of(initMessage(recording, initiator));
            SignatureAuthentication authentication =
                    new SignatureAuthentication(algorithms, signed(recording, initiator, id));

            SignatureScheme scheme = authentication.verify(key, List.of(SignatureScheme.values()), offer, proof);

            assertThat(proof.method()).isEqualTo(14);
            assertThat(scheme)
                    .isEqualTo(
                            key.kind() == PublicKey.Kind.RSA
                                    ? SignatureScheme.RSA_SHA2_256
                                    : SignatureScheme.ECDSA_SHA2_256);
            assertThat(offer.hashes().orElseThrow()).contains(HashAlgorithm.SHA2_256, HashAlgorithm.IDENTITY);
            assertThatThrownBy(() -> new SignatureAuthentication(algorithms, signed(recording, !initiator, id))
                            .verify(key, List.of(SignatureScheme.values()), offer, proof))
                    .isInstanceOf(AuthRefusedException.class);
        }
    }

    /** strongSwan names the authority's key as we name it. */
    @ParameterizedTest
    @MethodSource("recordings")
    void certreqNamesTheAuthoritysKey_rfc7296_3_7(Recording recording) throws Exception {
        Certificate authority = Certificate.getInstance(
                der(recording.json().getObject("certificates_pem").getString("ca"))
                        .toArray());
        Bytes name =
                algorithms.sha1(Bytes.wrap(authority.getSubjectPublicKeyInfo().getEncoded()));

        Payload.CertificateRequest request = initMessage(recording, false).stream()
                .filter(Payload.CertificateRequest.class::isInstance)
                .map(Payload.CertificateRequest.class::cast)
                .findFirst()
                .orElseThrow();

        assertThat(request).isEqualTo(new Payload.CertificateRequest(CertEncoding.X509_SIGNATURE.code(), name));
        assertThat(PeerOffer.of(initMessage(recording, false)).asksFor()).containsExactly(4);
    }

    private static Bytes der(String pem) {
        return Bytes.wrap(java.util.Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "")));
    }

    private SignedOctets signed(Recording recording, boolean initiator, Payload.Identification id)
            throws DecodeException {
        Bytes nonce = initMessage(recording, !initiator).stream()
                .filter(Payload.Nonce.class::isInstance)
                .map(payload -> ((Payload.Nonce) payload).octets())
                .findFirst()
                .orElseThrow();
        try (IkeKeys keys = Recording.ikeKeys(recording.ikeKeysets().get(0))) {
            return SignedOctets.of(
                    algorithms,
                    recording.prf(),
                    initOctets(recording, initiator),
                    nonce,
                    initiator ? keys.skPi() : keys.skPr(),
                    id,
                    Bytes.empty());
        }
    }

    private static Bytes initOctets(Recording recording, boolean initiator) {
        List<Capture.Message> messages = recording.messages();
        return messages.get(initiator ? 0 : 1).octets();
    }

    private static List<Payload> initMessage(Recording recording, boolean initiator) throws DecodeException {
        return MessageCodec.decode(initOctets(recording, initiator)).payloads();
    }

    /** The fragments' contents, where there are fragments, in their order (RFC 7383 §2.6). */
    private static List<Payload> ikeAuth(Recording recording, boolean initiator) throws DecodeException {
        List<JsonObject> parts = Fields.objects(recording.json().getArray("messages"))
                .filter(message -> message.getInt("exchange") == ExchangeType.IKE_AUTH.code()
                        && (message.getInt("flags") == 8) == initiator)
                .toList();
        Bytes plaintext = Bytes.concat(
                parts.stream().map(part -> Fields.hex(part, "plaintext")).toArray(Bytes[]::new));
        int first =
                initiator ? PayloadType.IDENTIFICATION_INITIATOR.code() : PayloadType.IDENTIFICATION_RESPONDER.code();
        return MessageCodec.decodePayloads(plaintext, first, 0);
    }

    private static PublicKey shownKey(List<Payload> message) throws IOException, UnusableKeyException {
        Payload.Certificate shown = message.stream()
                .filter(Payload.Certificate.class::isInstance)
                .map(Payload.Certificate.class::cast)
                .findFirst()
                .orElseThrow();
        Certificate certificate = Certificate.getInstance(shown.data().toArray());
        return PublicKeys.parse(Bytes.wrap(certificate.getSubjectPublicKeyInfo().getEncoded()));
    }

    private static Payload.Identification identification(List<Payload> message, boolean initiator) {
        return message.stream()
                .filter(Payload.Identification.class::isInstance)
                .map(Payload.Identification.class::cast)
                .filter(id -> id.initiator() == initiator)
                .findFirst()
                .orElseThrow();
    }
}
