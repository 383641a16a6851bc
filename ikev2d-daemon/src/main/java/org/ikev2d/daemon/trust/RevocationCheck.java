package org.ikev2d.daemon.trust;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateRevokedException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.Extension;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.auth.CertificateFault;

/**
 * Whether the certificates of a path that is validated are revoked: by the lists in files, then by what the servers say that
 * the certificates name. What is fetched is judged by the JDK, whoever it comes from: signatures, dates, nonces. The
 * authority's own certificate is beyond question.
 */
final class RevocationCheck {
    private static final int CRL_SIGN = 6;

    private final Revocation revocation;
    private final RevocationSources sources;
    private final Instant now;
    private final Patience patience;

    RevocationCheck(Revocation revocation, RevocationSources sources, Instant now) {
        this.revocation = revocation;
        this.sources = sources;
        this.now = now;
        this.patience = new Patience(now);
    }

    /** What one source says of one certificate. */
    private enum Word {
        GOOD,
        REVOKED,
        UNKNOWN
    }

    /** @param text why: when and why it was revoked, or why nothing is known */
    private record Finding(Word word, String text) {
        boolean isDefinite() {
            return word != Word.UNKNOWN;
        }
    }

    /**
     * From the authority downwards: a server is asked only where nobody above is revoked.
     *
     * @return of which certificates nothing is known, for people
     */
    List<String> check(Paths.Path path) throws RefusedCertificateException {
        List<String> remarks = new ArrayList<>();
        List<X509Certificate> chain = path.certificates();
        for (int at = chain.size() - 1; at >= 0 && revocation.looks(); at--) {
            X509Certificate issuer = at + 1 < chain.size() ? chain.get(at + 1) : path.authority();
            check(chain.get(at), issuer).ifPresent(remarks::add);
        }
        return remarks;
    }

    private Optional<String> check(X509Certificate certificate, X509Certificate issuer)
            throws RefusedCertificateException {
        List<String> unknown = new ArrayList<>();
        Optional<Finding> definite = inFiles(certificate, issuer, unknown);
        if (definite.isEmpty() && revocation.fetch()) {
            definite = atServers(certificate, issuer, unknown);
        }
        if (definite.isPresent() && definite.get().word() == Word.REVOKED) {
            throw new RefusedCertificateException(
                    CertificateFault.REVOKED, certificate, definite.get().text());
        }
        boolean known = definite.isPresent();
        if (!known && revocation.policy() == Revocation.Policy.STRICT) {
            throw new RefusedCertificateException(
                    CertificateFault.REVOCATION_UNKNOWN,
                    certificate,
                    "may be revoked, and revocation = \"strict\": "
                            + (unknown.isEmpty()
                                    ? "crl_files has no list of its issuer, and it names no server to ask over HTTP"
                                    : String.join("; ", unknown)));
        }
        return known || unknown.isEmpty()
                ? Optional.empty()
                : Optional.of("whether the certificate " + Certificates.describe(certificate)
                        + " is revoked is not known: " + String.join("; ", unknown));
    }

    private Optional<Finding> inFiles(X509Certificate certificate, X509Certificate issuer, List<String> unknown) {
        if (revocation.lists().isEmpty()) {
            if (!revocation.fetch()) {
                unknown.add("crl_files has no list of its issuer");
            }
            return Optional.empty();
        }
        Finding finding = byLists(certificate, issuer, revocation.lists());
        if (finding.isDefinite()) {
            return Optional.of(finding);
        }
        unknown.add(missing(certificate, revocation.lists(), "in crl_files"));
        return Optional.empty();
    }

    private Optional<Finding> atServers(X509Certificate certificate, X509Certificate issuer, List<String> unknown) {
        for (URI responder : Pointers.responders(certificate)) {
            Finding finding = asked(responder, certificate, issuer);
            if (finding.isDefinite()) {
                return Optional.of(finding);
            }
            unknown.add(finding.text());
        }
        for (URI place : Pointers.lists(certificate)) {
            Finding finding = listed(place, certificate, issuer);
            if (finding.isDefinite()) {
                return Optional.of(finding);
            }
            unknown.add(finding.text());
        }
        return Optional.empty();
    }

    private Finding listed(URI place, X509Certificate certificate, X509Certificate issuer) {
        try {
            List<X509CRL> lists = sources.lists(place, patience);
            Finding finding = byLists(certificate, issuer, lists);
            return finding.isDefinite()
                    ? new Finding(finding.word(), finding.text() + ", says " + place)
                    : new Finding(Word.UNKNOWN, place + ": " + missing(certificate, lists, "there"));
        } catch (IOException e) {
            return new Finding(Word.UNKNOWN, place + ": " + e.getMessage());
        }
    }

    private Finding asked(URI responder, X509Certificate certificate, X509Certificate issuer) {
        OcspQuestion question = new OcspQuestion(certificate, issuer);
        var reading = new RevocationSources.Reading<Finding>() {
            @Override
            public Finding ofKept(byte[] answer) {
                return byAnswer(certificate, issuer, answer, List.of());
            }

            @Override
            public Finding ofFresh(byte[] answer) {
                return byAnswer(certificate, issuer, answer, List.of(question.nonce()));
            }

            @Override
            public boolean isDefinite(Finding read) {
                return read.isDefinite();
            }
        };
        try {
            String about = certificate.getSerialNumber() + " of " + Certificates.keyHash(issuer);
            Finding finding = sources.answer(responder, about, question, patience, reading);
            return new Finding(
                    finding.word(),
                    finding.isDefinite()
                            ? finding.text() + ", says " + responder
                            : responder + ": its answer cannot be used: " + finding.text());
        } catch (IOException e) {
            return new Finding(Word.UNKNOWN, responder + ": " + e.getMessage());
        }
    }

    private Finding byLists(X509Certificate certificate, X509Certificate issuer, List<X509CRL> lists) {
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[CRL_SIGN]) {
            return new Finding(Word.UNKNOWN, "its issuer may not sign lists");
        }
        try {
            PKIXParameters parameters = below(issuer);
            // Not a PKIXRevocationChecker, which would fetch lists by itself, from wherever the certificate says.
            parameters.setRevocationEnabled(true);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            return finding(certificate, parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Finding byAnswer(
            X509Certificate certificate, X509Certificate issuer, byte[] answer, List<Extension> extensions) {
        try {
            PKIXParameters parameters = below(issuer);
            parameters.setRevocationEnabled(false);
            PKIXRevocationChecker checker = (PKIXRevocationChecker)
                    CertPathValidator.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(EnumSet.of(Option.NO_FALLBACK));
            checker.setOcspResponses(Map.of(certificate, answer));
            checker.setOcspExtensions(extensions);
            parameters.addCertPathChecker(checker);
            return finding(certificate, parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For one certificate that {@code issuer} issued, which was vouched for already. */
    private PKIXParameters below(X509Certificate issuer) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
        parameters.setDate(Date.from(now));
        return parameters;
    }

    private static Finding finding(X509Certificate certificate, PKIXParameters parameters)
            throws GeneralSecurityException {
        try {
            var unused = CertPathValidator.getInstance("PKIX")
                    .validate(Certificates.factory().generateCertPath(List.of(certificate)), parameters);
            return new Finding(Word.GOOD, "it is not revoked");
        } catch (CertPathValidatorException e) {
            return e.getReason() == BasicReason.REVOKED
                    ? new Finding(Word.REVOKED, revoked(e))
                    : new Finding(Word.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    /** Why none of {@code lists} says anything; {@code where} they are. */
    private String missing(X509Certificate certificate, List<X509CRL> lists, String where) {
        Optional<Instant> latest = lists.stream()
                .filter(list -> list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal()))
                .map(X509CRL::getNextUpdate)
                .map(Optional::ofNullable)
                .map(end -> end.map(Date::toInstant).orElse(Instant.MAX))
                .max(Comparator.naturalOrder());
        if (latest.isEmpty()) {
            return "no list of its issuer is " + where;
        }
        return latest.get().isBefore(now)
                ? "the list of its issuer " + where + " was to be replaced by " + latest.get()
                : "the list of its issuer " + where + " cannot be used: it is for other certificates, not in force yet,"
                        + " or not signed by the issuer";
    }

    /** When and why, to stand behind the certificate's name. */
    private static String revoked(CertPathValidatorException e) {
        if (e.getCause() instanceof CertificateRevokedException revoked) {
            return "was revoked at " + revoked.getRevocationDate().toInstant() + " (" + revoked.getRevocationReason()
                    + ")";
        }
        return "was revoked";
    }
}
