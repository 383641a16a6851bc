package org.ikev2d.daemon.trust;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.Extension;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** What an OCSP responder is asked about one certificate (RFC 6960 §4.1), with a nonce of its own. */
final class OcspQuestion {
    /** What a request is sent as (RFC 6960 §A.1). */
    static final String TYPE = "application/ocsp-request";

    private static final ASN1ObjectIdentifier SHA1 = new ASN1ObjectIdentifier("1.3.14.3.2.26");

    /** RFC 8954 §2.1. */
    private static final int NONCE_SIZE = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final CertID subject;
    private final byte[] nonce;

    /** @param issuer of {@code certificate} */
    OcspQuestion(X509Certificate certificate, X509Certificate issuer) {
        byte[] key = SubjectPublicKeyInfo.getInstance(issuer.getPublicKey().getEncoded())
                .getPublicKeyData()
                .getBytes();
        // SHA-1 is the only hash that every responder knows (RFC 5019 §2.1.1); it names, and proves nothing.
        subject = new CertID(
                new AlgorithmIdentifier(SHA1, DERNull.INSTANCE),
                new DEROctetString(sha1(issuer.getSubjectX500Principal().getEncoded())),
                new DEROctetString(sha1(key)),
                new ASN1Integer(certificate.getSerialNumber()));
        byte[] random = new byte[NONCE_SIZE];
        RANDOM.nextBytes(random);
        nonce = encoded(new DEROctetString(random));
    }

    private static byte[] sha1(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(ASN1Object object) {
        try {
            return object.getEncoded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] encoded() {
        Extensions extensions = new Extensions(new org.bouncycastle.asn1.x509.Extension(
                OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(nonce)));
        return encoded(
                new OCSPRequest(new TBSRequest(null, new DERSequence(new Request(subject, null)), extensions), null));
    }

    /** What the answer has to repeat, if it has one at all. */
    Extension nonce() {
        byte[] value = nonce;
        return new Extension() {
            @Override
            public String getId() {
                return OCSPObjectIdentifiers.id_pkix_ocsp_nonce.getId();
            }

            @Override
            public boolean isCritical() {
                return false;
            }

            @Override
            public byte[] getValue() {
                return value.clone();
            }

            @Override
            public void encode(OutputStream out) throws IOException {
                throw new IOException("this one goes into no certificate");
            }
        };
    }
}
