package org.ikev2d.daemon.config;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ikev2d.core.auth.LocalAuth.Shown;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.crypto.jca.Pkcs12;
import org.ikev2d.core.crypto.jca.StoredKey;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.registry.CertEncoding;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.daemon.trust.Certificates;
import org.ikev2d.daemon.trust.KeyAndCertificates;
import org.ikev2d.daemon.trust.PrivateKeyFile;

/** Reads what our end of a tunnel signs with, and what it shows for it: two files in PEM, or one of PKCS #12. */
final class OwnKeyReader {
    /** Where one of these is there, we sign. */
    static final List<String> SIGNS = List.of("key_file", "cert_file", "pkcs12_file");

    private final Section section;
    private final SecretFile files;

    OwnKeyReader(Section section, SecretFile files) {
        this.section = section;
        this.files = files;
    }

    /**
     * What there is.
     *
     * @param key of the first certificate of {@code chain}, where there is one
     */
    record Read(Optional<SigningKey> key, List<X509Certificate> chain) {}

    Read read() {
        Optional<Secret> keyPassword = password("key_password_file", "key_file");
        Optional<Secret> filePassword = password("pkcs12_password_file", "pkcs12_file");
        try {
            if (section.has("pkcs12_file")) {
                return ofOneFile(filePassword);
            }
            section.raw("pkcs12_file");
            List<X509Certificate> chain = chain();
            return new Read(key(chain, keyPassword), chain);
        } finally {
            keyPassword.ifPresent(Secret::close);
            filePassword.ifPresent(Secret::close);
        }
    }

    private Optional<Secret> password(String key, String opens) {
        if (section.has(key) && !section.has(opens)) {
            section.wrong(key, "is there without " + opens, "take it out");
        }
        return section.meaning(key, "gateway.password", files::read);
    }

    private Read ofOneFile(Optional<Secret> password) {
        for (String key : List.of("cert_file", "key_file")) {
            if (section.has(key)) {
                section.wrong(key, "is beside pkcs12_file, which holds both", "take one of them out");
            }
            section.raw(key);
        }
        section.require("pkcs12_password_file", "pkcs12_password_file = \"gateway.password\"");
        if (password.isEmpty()) {
            section.raw("pkcs12_file");
            return new Read(Optional.empty(), List.of());
        }
        Optional<Read> read = section.meaning("pkcs12_file", "gateway.p12", name -> {
            Pkcs12.Content content = files.privately(name, octets -> KeyAndCertificates.read(octets, password.get()));
            return new Read(Optional.of(stored(content.key())), content.chain());
        });
        return read.orElse(new Read(Optional.empty(), List.of()));
    }

    private List<X509Certificate> chain() {
        if (section.has("cert_file") && !section.has("key_file")) {
            section.wrong("cert_file", "is there without its key", "add a line such as key_file = \"gateway.key\"");
        }
        return section.meaning("cert_file", "gateway.pem", name -> files.publicly(name, Certificates::ofFile))
                .orElse(List.of());
    }

    /** Our private key, when it is that of our certificate. */
    private Optional<SigningKey> key(List<X509Certificate> chain, Optional<Secret> password) {
        return section.meaning("key_file", "gateway.key", name -> {
            SigningKey key = stored(files.privately(name, octets -> PrivateKeyFile.read(octets, password)));
            if (!chain.isEmpty()
                    && !Certificates.publicKey(chain.get(0))
                            .equals(key.publicKey().encoded())) {
                key.close();
                throw new BadValueException(
                        Quoted.of(name) + " is not the key of the first certificate in cert_file, which is of "
                                + Quoted.of(Certificates.subject(chain.get(0))),
                        "put our own certificate first, those that vouch for it behind it");
            }
            return key;
        });
    }

    private static SigningKey stored(Secret encoded) throws BadValueException {
        try {
            return StoredKey.of(encoded, new SystemEntropy());
        } catch (UnusableKeyException e) {
            throw new BadValueException("the key " + e.getMessage(), "make another");
        }
    }

    /** Roots are not sent: the peer has them or does not trust them. A key that the peer knows is sent on demand. */
    static Shown shown(SigningKey key, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            var raw = new Payload.Certificate(
                    CertEncoding.RAW_PUBLIC_KEY.code(), key.publicKey().encoded());
            return new Shown(List.of(raw), Shown.When.IF_ASKED, "", OptionalLong.empty());
        }
        List<Payload.Certificate> certificates = new ArrayList<>();
        for (X509Certificate one : chain) {
            if (certificates.isEmpty() || !Certificates.isSelfIssued(one)) {
                certificates.add(
                        new Payload.Certificate(CertEncoding.X509_SIGNATURE.code(), Certificates.encoded(one)));
            }
        }
        X509Certificate own = chain.get(0);
        return new Shown(
                certificates,
                Shown.When.ALWAYS,
                Certificates.subject(own),
                OptionalLong.of(own.getNotAfter().toInstant().getEpochSecond()));
    }
}
