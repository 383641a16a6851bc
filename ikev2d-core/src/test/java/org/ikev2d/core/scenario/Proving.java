package org.ikev2d.core.scenario;

import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.RemoteAuth;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.crypto.jca.PublicKeys;
import org.ikev2d.core.registry.CertEncoding;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.SeededEntropy;
import org.ikev2d.core.world.TestKeys;

/** Credentials of keys and of make-believe certificates, which are a key's octets with a mark before them. */
final class Proving {
    static final List<SignatureScheme> ALL = List.of(SignatureScheme.values());
    private static final Bytes MARK = Bytes.hex("ce");

    /** SHA-1 of an authority's key, or of nothing. */
    static final Bytes AUTHORITY = Bytes.hex("0102030405060708090a0b0c0d0e0f1011121314");

    private Proving() {}

    /** A raw public key's owner. */
    static LocalAuth rawKey(KeyPair pair, LocalAuth.Shown.When when) {
        return signing(
                pair,
                List.of(new Payload.Certificate(CertEncoding.RAW_PUBLIC_KEY.code(), TestKeys.encoded(pair))),
                when,
                "");
    }

    /** A certificate's owner, with {@code intermediates} others of 1000 octets behind it. */
    static LocalAuth certificate(KeyPair pair, LocalAuth.Shown.When when, int intermediates) {
        Payload.Certificate[] shown = new Payload.Certificate[1 + intermediates];
        Arrays.fill(shown, new Payload.Certificate(CertEncoding.X509_SIGNATURE.code(), Bytes.of(new byte[1000])));
        shown[0] = new Payload.Certificate(CertEncoding.X509_SIGNATURE.code(), certificate(pair));
        return signing(pair, List.of(shown), when, "CN=" + publicKey(pair).kind());
    }

    private static LocalAuth signing(
            KeyPair pair, List<Payload.Certificate> shown, LocalAuth.Shown.When when, String subject) {
        SigningKey key = TestKeys.signing(pair, new SeededEntropy(1));
        return new LocalAuth.Signature(
                key,
                SignatureScheme.preferred(key.publicKey().kind()),
                new LocalAuth.Shown(
                        shown,
                        when,
                        subject,
                        subject.isEmpty() ? OptionalLong.empty() : OptionalLong.of(2_000_000_000)));
    }

    static Bytes certificate(KeyPair pair) {
        return Bytes.concat(MARK, TestKeys.encoded(pair));
    }

    static RemoteAuth pinned(KeyPair... pairs) {
        return new RemoteAuth.Keys(Arrays.stream(pairs).map(Proving::publicKey).toList(), ALL);
    }

    static RemoteAuth certified() {
        return new RemoteAuth.Certificates(List.of(AUTHORITY), ALL, true);
    }

    static Verdict trusted(KeyPair pair, String... remarks) {
        return new Verdict.Trusted(publicKey(pair), "CN=" + publicKey(pair).kind(), List.of(remarks));
    }

    static PublicKey publicKey(KeyPair pair) {
        try {
            return PublicKeys.parse(TestKeys.encoded(pair));
        } catch (UnusableKeyException e) {
            throw new AssertionError(e);
        }
    }
}
