package org.ikev2d.daemon.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V2TBSCertListGenerator;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.world.TestKeys;

/** Makes certificates, all about {@link #NOW}, so that none ever expires for a test. */
public final class TestAuthority {
    /** What day it is. */
    public static final Instant NOW = Instant.parse("2030-06-15T12:00:00Z");

    private static final AtomicInteger SERIAL = new AtomicInteger();
    static final ASN1ObjectIdentifier ECDSA_SHA256 = new ASN1ObjectIdentifier("1.2.840.10045.4.3.2");

    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestAuthority(X500Name name, KeyPair keys, X509Certificate certificate) {
        this.name = name;
        this.keys = keys;
        this.certificate = certificate;
    }

    /** A root with a key of its own. */
    public static TestAuthority root(String name) {
        return root(name, new Draft(name).authority(5));
    }

    public static TestAuthority root(String name, Draft draft) {
        KeyPair keys = TestKeys.fresh(Kind.ECDSA_P256);
        X500Name named = new X500Name(name);
        return new TestAuthority(named, keys, new TestAuthority(named, keys, null).issue(draft, keys));
    }

    /** An authority below this one. */
    public TestAuthority below(String below) {
        return below(below, new Draft(below).authority(3));
    }

    public TestAuthority below(String below, Draft draft) {
        KeyPair fresh = TestKeys.fresh(Kind.ECDSA_P256);
        return new TestAuthority(new X500Name(below), fresh, issue(draft, fresh));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** What is to be in a certificate: valid for ten days before and after now unless told. */
    public static final class Draft {
        private final X500Name subject;
        private final List<GeneralName> names = new ArrayList<>();
        private final ExtensionsGenerator extensions = new ExtensionsGenerator();
        private Instant from = NOW.minus(Duration.ofDays(10));
        private Instant to = NOW.plus(Duration.ofDays(10));
        private String algorithm = "SHA256withECDSA";
        private ASN1ObjectIdentifier identifier = ECDSA_SHA256;

        public Draft(String subject) {
            this.subject = new X500Name(subject);
        }

        public Draft dns(String host) {
            names.add(new GeneralName(GeneralName.dNSName, host));
            return this;
        }

        public Draft mailbox(String mailbox) {
            names.add(new GeneralName(GeneralName.rfc822Name, mailbox));
            return this;
        }

        public Draft address(String address) {
            names.add(new GeneralName(GeneralName.iPAddress, address));
            return this;
        }

        public Draft valid(Instant since, Instant until) {
            from = since;
            to = until;
            return this;
        }

        public Draft authority(int pathLength) {
            return with(Extension.basicConstraints, true, new BasicConstraints(pathLength));
        }

        public Draft with(ASN1ObjectIdentifier extension, boolean critical, ASN1Encodable value) {
            try {
                extensions.addExtension(extension, critical, value);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return this;
        }

        /** Says where lists are that may name it. */
        public Draft listedAt(String uri) {
            GeneralNames place = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return with(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                new DistributionPoint(new DistributionPointName(place), null, null)
            }));
        }

        /** Says who answers for it (RFC 6960). */
        public Draft answeredBy(String uri) {
            return with(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(
                            AccessDescription.id_ad_ocsp, new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        }

        public Draft signedWithSha1() {
            algorithm = "SHA1withECDSA";
            identifier = new ASN1ObjectIdentifier("1.2.840.10045.4.1");
            return this;
        }
    }

    public X509Certificate issue(Draft draft, KeyPair subject) {
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(SERIAL.incrementAndGet())));
        generator.setSignature(new AlgorithmIdentifier(draft.identifier));
        generator.setIssuer(name);
        generator.setStartDate(new Time(Date.from(draft.from)));
        generator.setEndDate(new Time(Date.from(draft.to)));
        generator.setSubject(draft.subject);
        generator.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(subject.getPublic().getEncoded()));
        if (!draft.names.isEmpty()) {
            draft.with(
                    Extension.subjectAlternativeName, false, new GeneralNames(draft.names.toArray(new GeneralName[0])));
        }
        if (!draft.extensions.isEmpty()) {
            generator.setExtensions(draft.extensions.generate());
        }
        return signed(generator.generateTBSCertificate(), draft);
    }

    private X509Certificate signed(TBSCertificate content, Draft draft) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(signed(content.getEncoded(), draft.algorithm, draft.identifier)));
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Of ECDSA with SHA-256. */
    byte[] signature(byte[] content) throws GeneralSecurityException {
        return signature(content, "SHA256withECDSA");
    }

    private byte[] signature(byte[] content, String algorithm) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(keys.getPrivate());
        signature.update(content);
        return signature.sign();
    }

    /** {@code content} in DER, with its signature behind it. */
    private byte[] signed(byte[] content, String algorithm, ASN1ObjectIdentifier identifier)
            throws GeneralSecurityException, IOException {
        ASN1EncodableVector parts = new ASN1EncodableVector();
        parts.add(ASN1Primitive.fromByteArray(content));
        parts.add(new AlgorithmIdentifier(identifier));
        parts.add(new DERBitString(signature(content, algorithm)));
        return new DERSequence(parts).getEncoded();
    }

    /** A list of what it has revoked an hour before {@code since}, in force from then until {@code until}. */
    public X509CRL list(Instant since, Instant until, X509Certificate... revoked) {
        V2TBSCertListGenerator generator = new V2TBSCertListGenerator();
        generator.setSignature(new AlgorithmIdentifier(ECDSA_SHA256));
        generator.setIssuer(name);
        generator.setThisUpdate(new Time(Date.from(since)));
        generator.setNextUpdate(new Time(Date.from(until)));
        for (X509Certificate one : revoked) {
            generator.addCRLEntry(
                    new ASN1Integer(one.getSerialNumber()),
                    new Time(Date.from(since.minus(Duration.ofHours(1)))),
                    CRLReason.keyCompromise);
        }
        try {
            byte[] list = signed(generator.generateTBSCertList().getEncoded(), "SHA256withECDSA", ECDSA_SHA256);
            return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(list));
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As a file has them. */
    public static String pem(X509Certificate... certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate one : certificates) {
            text.append(pem("CERTIFICATE", Certificates.encoded(one).toArray()));
        }
        return text.toString();
    }

    public static String pem(X509CRL list) {
        try {
            return pem("X509 CRL", list.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    public static String pem(String label, byte[] content) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }
}
