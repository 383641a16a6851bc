package org.ikev2d.daemon.trust;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.wire.DistinguishedName;

/** X.509 certificates out of files and payloads, and how they are called in messages. */
public final class Certificates {
    private static final String LABEL = "CERTIFICATE";
    private static final String LIST_LABEL = "X509 CRL";

    /** SEQUENCE, which DER of a certificate begins with. */
    private static final int SEQUENCE = 0x30;

    private Certificates() {}

    /** All of a file in PEM, or the one of a file in DER; at least one. */
    public static List<X509Certificate> ofFile(byte[] octets) throws UnusableFileException {
        List<X509Certificate> found = new ArrayList<>();
        if (!Pem.looksSo(octets)) {
            found.add(read(octets));
            return found;
        }
        try (Pem pem = Pem.read(octets)) {
            for (Pem.Block block : pem.blocks()) {
                if (block.label().equals(LABEL)) {
                    found.add(block.content().use(Certificates::read));
                }
            }
        }
        if (found.isEmpty()) {
            throw new UnusableFileException("holds no certificate", "put it there in PEM");
        }
        return found;
    }

    /** All revocation lists of a file in PEM, or the one of a file in DER; at least one. */
    public static List<X509CRL> listsOfFile(byte[] octets) throws UnusableFileException {
        List<X509CRL> found = new ArrayList<>();
        if (!Pem.looksSo(octets)) {
            found.add(readList(octets));
            return found;
        }
        try (Pem pem = Pem.read(octets)) {
            for (Pem.Block block : pem.blocks()) {
                if (block.label().equals(LIST_LABEL)) {
                    found.add(block.content().use(Certificates::readList));
                }
            }
        }
        if (found.isEmpty()) {
            throw new UnusableFileException("holds no certificate revocation list", "put it there in PEM or DER");
        }
        return found;
    }

    private static X509CRL readList(byte[] der) throws UnusableFileException {
        try {
            return (X509CRL) factory().generateCRL(new ByteArrayInputStream(der));
        } catch (CRLException e) {
            throw new UnusableFileException(
                    "holds something that is no certificate revocation list", "put lists there in PEM or DER");
        }
    }

    private static X509Certificate read(byte[] der) throws UnusableFileException {
        return ofDer(Bytes.of(der))
                .orElseThrow(() -> new UnusableFileException(
                        "holds something that is no X.509 certificate", "put certificates there in PEM"));
    }

    /** Empty where {@code der} is no certificate. */
    static Optional<X509Certificate> ofDer(Bytes der) {
        if (der.isEmpty() || der.at(0) != SEQUENCE) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der.toArray())));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    static CertificateFactory factory() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether its subject issued it; such a one is not sent to a peer, who must have it already. */
    public static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** SHA-1 of its SubjectPublicKeyInfo, by which a CERTREQ names an authority (RFC 7296 §3.7). */
    public static Bytes keyHash(X509Certificate certificate) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-1")
                    .digest(certificate.getPublicKey().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SubjectPublicKeyInfo. */
    public static Bytes publicKey(X509Certificate certificate) {
        return Bytes.wrap(certificate.getPublicKey().getEncoded());
    }

    public static Bytes encoded(X509Certificate certificate) {
        try {
            return Bytes.wrap(certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its subject for people; its serial number where it has none. */
    public static String subject(X509Certificate certificate) {
        return name(certificate.getSubjectX500Principal())
                .orElseGet(() -> "certificate " + certificate.getSerialNumber().toString(16));
    }

    /** Of a list, for people. */
    public static String issuer(X509CRL list) {
        return name(list.getIssuerX500Principal()).orElse("");
    }

    /** So that it can be found: subject, number and issuer. */
    public static String describe(X509Certificate certificate) {
        return "\"" + subject(certificate) + "\" (serial number "
                + certificate.getSerialNumber().toString(16) + ", issued by \""
                + name(certificate.getIssuerX500Principal()).orElse("") + "\")";
    }

    private static Optional<String> name(X500Principal principal) {
        return DistinguishedName.describe(Bytes.wrap(principal.getEncoded()));
    }
}
