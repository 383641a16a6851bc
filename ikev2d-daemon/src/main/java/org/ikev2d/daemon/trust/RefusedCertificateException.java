package org.ikev2d.daemon.trust;

import java.security.cert.X509Certificate;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.Verdict;

/** A certificate is not taken. Stackless, because a peer can cause it at will. */
final class RefusedCertificateException extends Exception {
    private final CertificateFault fault;

    /** @param text one sentence: which rule, which certificate */
    RefusedCertificateException(CertificateFault fault, String text) {
        super(text, null, false, false);
        this.fault = fault;
    }

    /** @param rule to stand behind the certificate's name */
    RefusedCertificateException(CertificateFault fault, X509Certificate certificate, String rule) {
        this(fault, "the certificate " + Certificates.describe(certificate) + " " + rule);
    }

    CertificateFault fault() {
        return fault;
    }

    Verdict verdict() {
        return new Verdict.Refused(fault, getMessage());
    }
}
