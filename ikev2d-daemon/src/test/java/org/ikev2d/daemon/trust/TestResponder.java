package org.ikev2d.daemon.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.CertStatus;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;

/** Answers OCSP requests (RFC 6960), honestly unless told. */
final class TestResponder {
    private final TestAuthority signer;
    private final Set<BigInteger> revoked = new HashSet<>();
    private boolean knowsAnybody = true;
    private boolean showsItsCertificate;
    private Optional<Extensions> extensions = Optional.empty();
    private boolean repeatsTheNonce = true;
    private Instant since = TestAuthority.NOW;
    private Optional<Instant> until = Optional.of(TestAuthority.NOW.plus(Duration.ofHours(1)));

    /** @param signer of its answers */
    TestResponder(TestAuthority signer) {
        this.signer = signer;
    }

    TestResponder revokes(BigInteger serial) {
        revoked.add(serial);
        return this;
    }

    TestResponder knowsNobody() {
        knowsAnybody = false;
        return this;
    }

    TestResponder showsItsCertificate() {
        showsItsCertificate = true;
        return this;
    }

    TestResponder withoutNonce() {
        repeatsTheNonce = false;
        return this;
    }

    /** Each answer from the second on has the nonce of the first question. */
    TestResponder repeatsTheFirstNonce() {
        extensions = Optional.of(nonce(new byte[] {4, 1, 7}));
        return this;
    }

    private static Extensions nonce(byte[] value) {
        return new Extensions(
                new Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(value)));
    }

    TestResponder inForce(Instant from, Optional<Instant> to) {
        since = from;
        until = to;
        return this;
    }

    byte[] answer(byte[] octets) throws IOException {
        OCSPRequest question = OCSPRequest.getInstance(octets);
        CertID subject = Request.getInstance(
                        question.getTbsRequest().getRequestList().getObjectAt(0))
                .getReqCert();
        SingleResponse single = new SingleResponse(
                subject,
                status(subject.getSerialNumber().getValue()),
                time(since),
                until.map(TestResponder::time).orElse(null),
                (Extensions) null);
        Extensions said =
                extensions.orElse(repeatsTheNonce ? question.getTbsRequest().getRequestExtensions() : null);
        ResponseData data = new ResponseData(
                new ResponderID(X500Name.getInstance(
                        signer.certificate().getSubjectX500Principal().getEncoded())),
                time(TestAuthority.NOW),
                new DERSequence(single),
                said);
        ASN1Sequence certificates = showsItsCertificate
                ? new DERSequence(Certificate.getInstance(
                        Certificates.encoded(signer.certificate()).toArray()))
                : null;
        try {
            BasicOCSPResponse basic = new BasicOCSPResponse(
                    data,
                    new AlgorithmIdentifier(TestAuthority.ECDSA_SHA256),
                    new DERBitString(signer.signature(data.getEncoded())),
                    certificates);
            return new OCSPResponse(
                            new OCSPResponseStatus(OCSPResponseStatus.SUCCESSFUL),
                            new ResponseBytes(
                                    OCSPObjectIdentifiers.id_pkix_ocsp_basic, new DEROctetString(basic.getEncoded())))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private CertStatus status(BigInteger serial) {
        if (!knowsAnybody) {
            return new CertStatus(2, DERNull.INSTANCE);
        }
        return revoked.contains(serial)
                ? new CertStatus(new RevokedInfo(
                        time(TestAuthority.NOW.minus(Duration.ofHours(2))), CRLReason.lookup(CRLReason.keyCompromise)))
                : new CertStatus();
    }

    private static ASN1GeneralizedTime time(Instant instant) {
        return new ASN1GeneralizedTime(Date.from(instant));
    }
}
