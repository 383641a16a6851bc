package org.ikev2d.daemon.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.registry.CertEncoding;
import org.ikev2d.core.wire.Identity;

/** Whether what a peer shows makes it whom it claims to be, by its tunnel's rules. Any thread. */
public final class CertificateJudge {
    /** What a peer may send; the rest is not looked at. */
    private static final int MOST_CERTIFICATES = 10;

    private final Map<String, TrustRules> rules;
    private final RevocationSources sources;
    private final InstantSource clock;

    /**
     * @param rules by the names of tunnels
     * @param clock for the certificates' validity: what day it is
     */
    public CertificateJudge(Map<String, TrustRules> rules, RevocationSources sources, InstantSource clock) {
        this.rules = Map.copyOf(rules);
        this.sources = sources;
        this.clock = clock;
    }

    /** Takes as long as it takes. */
    public Verdict judge(Output.Judge question) {
        try {
            TrustRules wanted = rules.get(question.tunnel());
            if (wanted == null) {
                throw new RefusedCertificateException(
                        CertificateFault.NO_VERDICT, "tunnel " + question.tunnel() + " takes no certificates any more");
            }
            return trusted(question, wanted);
        } catch (RefusedCertificateException e) {
            return e.verdict();
        }
    }

    private Verdict trusted(Output.Judge question, TrustRules wanted) throws RefusedCertificateException {
        List<Optional<X509Certificate>> shown = question.certificates().stream()
                .filter(one -> one.encoding() == CertEncoding.X509_SIGNATURE.code())
                .limit(MOST_CERTIFICATES)
                .map(one -> Certificates.ofDer(one.data()))
                .toList();
        X509Certificate own = shown.get(0)
                .orElseThrow(() -> new RefusedCertificateException(
                        CertificateFault.UNREADABLE,
                        "what " + question.claimed().describe() + " shows first is no X.509 certificate"));
        List<X509Certificate> others =
                shown.stream().skip(1).flatMap(Optional::stream).toList();
        Instant now = clock.instant();
        PathCheck check = new PathCheck(now);
        PublicKey key = check.checkOwn(own);
        requireIdentity(own, question.claimed());
        List<String> remarks = wanted.authorities().contains(own)
                ? List.of()
                : findPath(
                        check,
                        new RevocationCheck(wanted.revocation(), sources, now),
                        Paths.from(own, others, wanted),
                        own,
                        question.tunnel());
        return new Verdict.Trusted(key, Certificates.subject(own), remarks);
    }

    private static void requireIdentity(X509Certificate own, Identity claimed) throws RefusedCertificateException {
        if (!NameBinding.binds(own, claimed)) {
            throw new RefusedCertificateException(
                    CertificateFault.IDENTITY,
                    own,
                    "is not for " + claimed.describe() + ", whom the peer says it is, but for "
                            + NameBinding.describe(own));
        }
    }

    /** The remarks on the first way that is as it should be; else what is wrong with the one of which most can be said. */
    private static List<String> findPath(
            PathCheck check, RevocationCheck revocation, List<Paths.Path> paths, X509Certificate own, String tunnel)
            throws RefusedCertificateException {
        RefusedCertificateException why = new RefusedCertificateException(
                CertificateFault.UNKNOWN_AUTHORITY,
                own,
                "does not lead to an authority in ca_files of tunnel " + tunnel
                        + ": compare with its issuer, and let the peer send the certificates between");
        for (Paths.Path path : paths) {
            try {
                check.check(path);
                return revocation.check(path);
            } catch (RefusedCertificateException e) {
                // Two authorities may have one name: that the signature is not of one of them says little.
                if (why.fault() == CertificateFault.UNKNOWN_AUTHORITY
                        || (why.fault() == CertificateFault.BAD_SIGNATURE
                                && e.fault() != CertificateFault.BAD_SIGNATURE)) {
                    why = e;
                }
            }
        }
        throw why;
    }
}
