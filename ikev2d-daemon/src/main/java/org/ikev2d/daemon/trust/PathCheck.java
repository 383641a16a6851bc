package org.ikev2d.daemon.trust;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.crypto.jca.PublicKeys;

/**
 * RFC 5280 §6's validation of one path, done by the JDK, and what it leaves to its callers: the authority's own validity
 * and constraints, hashes, sizes of keys, and what the peer's certificate may be used for (RFC 4945 §5.1.3).
 */
final class PathCheck {
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;
    private static final int KEY_CERT_SIGN = 5;

    /** Whoever has one of these may keep an IKE end: RFC 4945 §5.1.3.12, RFC 4809 §3.1.6.5, and what web servers get. */
    private static final Set<String> PURPOSES = Set.of(
            "2.5.29.37.0",
            "1.3.6.1.5.5.7.3.17",
            "1.3.6.1.5.5.8.2.2",
            "1.3.6.1.5.5.7.3.5",
            "1.3.6.1.5.5.7.3.6",
            "1.3.6.1.5.5.7.3.7",
            "1.3.6.1.5.5.7.3.1",
            "1.3.6.1.5.5.7.3.2");

    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    private final Instant now;

    PathCheck(Instant now) {
        this.now = now;
    }

    /** Whether {@code path} leads from an authority to the peer's certificate, at every step as it should. */
    void check(Paths.Path path) throws RefusedCertificateException {
        checkAuthority(path);
        for (X509Certificate certificate : path.certificates()) {
            checkStrength(certificate);
        }
        validate(path);
    }

    /** Whether {@code own}, which the path's end is or an authority itself, may prove an IKE end; gives its key. */
    PublicKey checkOwn(X509Certificate own) throws RefusedCertificateException {
        checkValidity(own);
        boolean[] usage = own.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
            throw new RefusedCertificateException(
                    CertificateFault.USAGE, own, "is not for signatures: its key usage lacks digitalSignature");
        }
        checkPurposes(own);
        try {
            return PublicKeys.parse(Certificates.publicKey(own));
        } catch (UnusableKeyException e) {
            throw new RefusedCertificateException(
                    CertificateFault.WEAK, own, "has a key that cannot be used: it " + e.getMessage());
        }
    }

    private static void checkPurposes(X509Certificate own) throws RefusedCertificateException {
        List<String> purposes;
        try {
            purposes = own.getExtendedKeyUsage();
        } catch (GeneralSecurityException e) {
            throw new RefusedCertificateException(
                    CertificateFault.USAGE, own, "has an extended key usage that cannot be read");
        }
        if (purposes != null && purposes.stream().noneMatch(PURPOSES::contains)) {
            throw new RefusedCertificateException(
                    CertificateFault.USAGE, own, "is for other purposes: its extended key usage is " + purposes);
        }
    }

    private void checkAuthority(Paths.Path path) throws RefusedCertificateException {
        X509Certificate authority = path.authority();
        checkValidity(authority);
        boolean[] usage = authority.getKeyUsage();
        int below = authority.getBasicConstraints();
        // Version 1 has no extensions to say so.
        if ((authority.getVersion() >= 3 && below < 0) || (usage != null && !usage[KEY_CERT_SIGN])) {
            throw new RefusedCertificateException(
                    CertificateFault.PATH_LENGTH, authority, "is in ca_files, but is no authority's");
        }
        if (authority.getExtensionValue(NAME_CONSTRAINTS) != null && !isSelfSigned(authority)) {
            throw new RefusedCertificateException(
                    CertificateFault.NAME_CONSTRAINT,
                    authority,
                    "has name constraints, which are kept only below one that signed itself: put its issuer in ca_files");
        }
        long between = path.certificates().stream()
                .skip(1)
                .filter(one -> !Certificates.isSelfIssued(one))
                .count();
        if (below >= 0 && between > below) {
            throw new RefusedCertificateException(
                    CertificateFault.PATH_LENGTH,
                    authority,
                    "allows " + below + " certificates of other authorities below it, and " + between + " are shown");
        }
    }

    private void checkValidity(X509Certificate certificate) throws RefusedCertificateException {
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        if (now.isAfter(to)) {
            throw new RefusedCertificateException(CertificateFault.EXPIRED, certificate, "expired at " + to);
        }
        if (now.isBefore(from)) {
            throw new RefusedCertificateException(
                    CertificateFault.NOT_YET_VALID, certificate, "is not valid before " + from);
        }
    }

    /** RFC 8247 §3.2 for what certificates are signed with. */
    private static void checkStrength(X509Certificate certificate) throws RefusedCertificateException {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (algorithm.contains("SHA1") || algorithm.contains("MD5") || algorithm.contains("MD2")) {
            throw new RefusedCertificateException(
                    CertificateFault.WEAK, certificate, "is signed with " + algorithm + ", which can be forged");
        }
    }

    /**
     * The JDK looks for no constraints in an authority's certificate. So one that signed itself goes into the path, and the
     * authority is its name and key; of others it is known that they have none that would matter.
     */
    private void validate(Paths.Path path) throws RefusedCertificateException {
        X509Certificate authority = path.authority();
        List<X509Certificate> chain = new ArrayList<>(path.certificates());
        TrustAnchor anchor = new TrustAnchor(authority, null);
        if (isSelfSigned(authority)) {
            chain.add(authority);
            anchor = new TrustAnchor(authority.getSubjectX500Principal(), authority.getPublicKey(), null);
        }
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
            parameters.setDate(Date.from(now));
            parameters.setRevocationEnabled(false);
            var unused = CertPathValidator.getInstance("PKIX")
                    .validate(Certificates.factory().generateCertPath(chain), parameters);
        } catch (CertPathValidatorException e) {
            throw refused(chain, authority, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSelfSigned(X509Certificate authority) {
        try {
            authority.verify(authority.getPublicKey());
            return Certificates.isSelfIssued(authority);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static RefusedCertificateException refused(
            List<X509Certificate> chain, X509Certificate authority, CertPathValidatorException e) {
        int at = Math.max(e.getIndex(), 0);
        X509Certificate issuer = at + 1 < chain.size() ? chain.get(at + 1) : authority;
        CertificateFault fault = fault(e.getReason());
        String rule = switch (fault) {
            case EXPIRED -> "expired at " + chain.get(at).getNotAfter().toInstant();
            case NOT_YET_VALID ->
                "is not valid before " + chain.get(at).getNotBefore().toInstant();
            case BAD_SIGNATURE -> "is not signed with the key of " + Certificates.describe(issuer);
            default -> "is not accepted (RFC 5280 §6): " + e.getMessage();
        };
        return new RefusedCertificateException(fault, chain.get(at), rule);
    }

    private static CertificateFault fault(CertPathValidatorException.Reason reason) {
        if (reason instanceof BasicReason basic) {
            return switch (basic) {
                case EXPIRED -> CertificateFault.EXPIRED;
                case NOT_YET_VALID -> CertificateFault.NOT_YET_VALID;
                case INVALID_SIGNATURE -> CertificateFault.BAD_SIGNATURE;
                case ALGORITHM_CONSTRAINED -> CertificateFault.WEAK;
                case REVOKED -> CertificateFault.REVOKED;
                case UNDETERMINED_REVOCATION_STATUS -> CertificateFault.REVOCATION_UNKNOWN;
                case UNSPECIFIED -> CertificateFault.EXTENSION;
            };
        }
        if (reason instanceof PKIXReason rule) {
            return switch (rule) {
                case NAME_CHAINING, NO_TRUST_ANCHOR -> CertificateFault.UNKNOWN_AUTHORITY;
                case INVALID_KEY_USAGE -> CertificateFault.USAGE;
                case NOT_CA_CERT, PATH_TOO_LONG -> CertificateFault.PATH_LENGTH;
                case INVALID_NAME -> CertificateFault.NAME_CONSTRAINT;
                case INVALID_POLICY, UNRECOGNIZED_CRIT_EXT -> CertificateFault.EXTENSION;
            };
        }
        return CertificateFault.EXTENSION;
    }
}
