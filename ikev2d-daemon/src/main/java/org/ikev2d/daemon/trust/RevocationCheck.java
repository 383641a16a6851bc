package org.ikev2d.daemon.trust;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateRevokedException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The JDK's look at revocation for one path, and what it found, in words. */
final class RevocationCheck {
    private final Revocation revocation;
    private final Instant now;
    private final PKIXRevocationChecker checker;

    private RevocationCheck(Revocation revocation, Instant now, PKIXRevocationChecker checker) {
        this.revocation = revocation;
        this.now = now;
        this.checker = checker;
    }

    /** Has {@code parameters} look at revocation, if that is wanted. */
    static Optional<RevocationCheck> addTo(PKIXParameters parameters, Revocation revocation, Instant now)
            throws GeneralSecurityException {
        parameters.setRevocationEnabled(false);
        if (!revocation.looks()) {
            return Optional.empty();
        }
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
        Set<Option> options = EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK);
        if (revocation.policy() == Revocation.Policy.IF_AVAILABLE) {
            options.add(Option.SOFT_FAIL);
        }
        checker.setOptions(options);
        parameters.addCertPathChecker(checker);
        parameters.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocation.lists())));
        return Optional.of(new RevocationCheck(revocation, now, checker));
    }

    /** Of which certificates of {@code chain}, which is validated, nothing is known; for people. */
    List<String> remarks(List<X509Certificate> chain) {
        return checker.getSoftFailExceptions().stream()
                .filter(one -> one.getIndex() >= 0)
                .map(one -> chain.get(one.getIndex()))
                .map(one -> "whether the certificate " + Certificates.describe(one) + " is revoked is not known: "
                        + missing(one))
                .distinct()
                .toList();
    }

    /** Why it is not known, to stand behind a colon. */
    String missing(X509Certificate certificate) {
        Optional<Instant> latest = revocation.lists().stream()
                .filter(list -> list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal()))
                .map(X509CRL::getNextUpdate)
                .map(Optional::ofNullable)
                .map(end -> end.map(Date::toInstant).orElse(Instant.MAX))
                .max(Comparator.naturalOrder());
        if (latest.isEmpty()) {
            return "crl_files has no list of its issuer";
        }
        return latest.get().isBefore(now)
                ? "the list of its issuer in crl_files was to be replaced by " + latest.get()
                : "the list of its issuer in crl_files cannot be used: it is for other certificates, not in force yet,"
                        + " or not signed by the issuer";
    }

    /** When and why, to stand behind the certificate's name. */
    static String revoked(CertPathValidatorException e) {
        if (e.getCause() instanceof CertificateRevokedException revoked) {
            return "was revoked at " + revoked.getRevocationDate().toInstant() + " (" + revoked.getRevocationReason()
                    + ")";
        }
        return "was revoked";
    }
}
