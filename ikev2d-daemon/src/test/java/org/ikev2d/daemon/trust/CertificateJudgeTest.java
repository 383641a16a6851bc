package org.ikev2d.daemon.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.daemon.trust.TestAuthority.Draft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateJudgeTest {
    private static final Instant NOW = TestAuthority.NOW;
    private static final KeyPair KEYS = TestKeys.pair(Kind.ECDSA_P256);

    private final TestAuthority root = TestAuthority.root("C=XX,CN=root");
    private final TestAuthority middle = root.below("C=XX,CN=middle");

    private static Draft gateway() {
        return new Draft("C=XX,CN=gw")
                .dns("gw.example.org")
                .mailbox("gw@example.org")
                .address("192.0.2.1");
    }

    private Verdict judge(String claimed, X509Certificate... shown) {
        return judge(root.certificate(), claimed, shown);
    }

    private static Verdict judge(X509Certificate authority, String claimed, X509Certificate... shown) {
        List<Payload.Certificate> payloads = new ArrayList<>(Arrays.stream(shown)
                .map(one -> new Payload.Certificate(4, Certificates.encoded(one)))
                .toList());
        return ask(authority, claimed, payloads);
    }

    private static Verdict ask(X509Certificate authority, String claimed, List<Payload.Certificate> shown) {
        CertificateJudge judge = new CertificateJudge(
                Map.of("t", new TrustRules(List.of(authority), Revocation.NONE)),
                new RevocationSources(FetchLimits.DEFAULT),
                InstantSource.fixed(NOW));
        return judge.judge(
                new Output.Judge(new Output.Judge.Ticket(IkeSpi.NONE, 1), "t", Identity.parse(claimed), shown));
    }

    private static void assertRefused(Verdict verdict, CertificateFault fault, String... texts) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        Verdict.Refused refused = (Verdict.Refused) verdict;
        assertThat(refused.fault()).as(refused.text()).isEqualTo(fault);
        for (String text : texts) {
            assertThat(refused.text()).contains(text);
        }
    }

    private static void assertTrusted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Trusted.class);
    }

    @Test
    void aTunnelThatTakesNoCertificatesAnyMoreIsNoFaultOfOurs() {
        Output.Judge question = new Output.Judge(
                new Output.Judge.Ticket(IkeSpi.NONE, 1), "t", Identity.parse("gw.example.org"), List.of());
        assertRefused(
                new CertificateJudge(Map.of(), new RevocationSources(FetchLimits.DEFAULT), InstantSource.fixed(NOW))
                        .judge(question),
                CertificateFault.NO_VERDICT,
                "tunnel t takes no certificates any more");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aChainOfAnyKindOfKeyIsTrusted(Kind kind) {
        KeyPair keys = TestKeys.pair(kind);
        Verdict verdict = judge("gw.example.org", middle.issue(gateway(), keys), middle.certificate());
        assertTrusted(verdict);
        assertThat(((Verdict.Trusted) verdict).key().kind()).isEqualTo(kind);
        assertThat(((Verdict.Trusted) verdict).subject()).isEqualTo("C=XX, CN=gw");
        assertThat(((Verdict.Trusted) verdict).remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gw.example.org", "GW.example.ORG", "gw@example.org", "192.0.2.1", "C=XX, CN=gw", "C=XX, CN=GW"})
    void eachOfItsNamesIsThePeers(String claimed) {
        assertTrusted(judge(claimed, root.issue(gateway(), KEYS)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other.example.org",
                "gw.example.org.",
                "example.org",
                "x@example.org",
                "192.0.2.2",
                "keyid:gw",
                "C=XX, CN=other",
                "C=XX, O=X, CN=gw",
                "fqdn:192.0.2.1"
            })
    void anotherNameIsNot(String claimed) {
        assertRefused(
                judge(claimed, root.issue(gateway(), KEYS)),
                CertificateFault.IDENTITY,
                "\"C=XX, CN=gw\" (serial number ",
                "issued by \"C=XX, CN=root\")",
                "\"gw.example.org\"",
                "192.0.2.1");
    }

    @Test
    void theOrderOfTheOthersIsOfNoMatterAndNeitherIsWhatDoesNotBelong() {
        TestAuthority low = middle.below("C=XX,CN=low", new Draft("C=XX,CN=low").authority(0));
        TestAuthority stranger = TestAuthority.root("C=XX,CN=low");
        X509Certificate own = low.issue(gateway(), KEYS);
        assertTrusted(judge(
                "gw.example.org",
                own,
                stranger.certificate(),
                root.certificate(),
                middle.certificate(),
                low.certificate()));
        assertTrusted(judge("gw.example.org", own, low.certificate(), middle.certificate()));
    }

    @Test
    void withoutTheCertificatesBetweenItLeadsNowhere() {
        assertRefused(
                judge("gw.example.org", middle.issue(gateway(), KEYS)),
                CertificateFault.UNKNOWN_AUTHORITY,
                "\"C=XX, CN=gw\"",
                "does not lead to an authority in ca_files of tunnel t");
    }

    @Test
    void anAuthorityOfTheSameNameIsNotTheOne() {
        TestAuthority impostor = TestAuthority.root("C=XX,CN=root");
        assertRefused(
                judge("gw.example.org", impostor.issue(gateway(), KEYS), impostor.certificate()),
                CertificateFault.BAD_SIGNATURE,
                "\"C=XX, CN=gw\"",
                "is not signed with the key of \"C=XX, CN=root\"");
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "false, false"})
    void whatHasExpiredIsNamed(boolean authority, boolean between) {
        Instant past = NOW.minus(Duration.ofDays(1));
        Instant longAgo = NOW.minus(Duration.ofDays(9));
        TestAuthority top = authority
                ? TestAuthority.root(
                        "CN=old-root", new Draft("CN=old-root").authority(3).valid(longAgo, past))
                : TestAuthority.root("CN=old-root");
        TestAuthority low = between
                ? top.below("CN=old-low", new Draft("CN=old-low").authority(1).valid(longAgo, past))
                : top.below("CN=old-low");
        X509Certificate own =
                low.issue(authority || between ? gateway() : gateway().valid(longAgo, past), KEYS);
        assertRefused(
                judge(top.certificate(), "gw.example.org", own, low.certificate()),
                CertificateFault.EXPIRED,
                "the certificate \"" + (authority ? "CN=old-root" : between ? "CN=old-low" : "C=XX, CN=gw") + "\"",
                "expired at 2030-06-14T12:00:00Z");
    }

    @Test
    void whatIsNotValidYetIsNamed() {
        Draft early = gateway().valid(NOW.plusSeconds(1), NOW.plusSeconds(1000));
        assertRefused(
                judge("gw.example.org", root.issue(early, KEYS)),
                CertificateFault.NOT_YET_VALID,
                "is not valid before 2030-06-15T12:00:01Z");
        Draft just = gateway().valid(NOW, NOW);
        assertTrusted(judge("gw.example.org", root.issue(just, KEYS)));
    }

    @Test
    void whoIsNoAuthorityVouchesForNobody() {
        TestAuthority liar = root.below("CN=liar", new Draft("CN=liar"));
        assertRefused(
                judge("gw.example.org", liar.issue(gateway(), KEYS), liar.certificate()),
                CertificateFault.PATH_LENGTH,
                "the certificate \"CN=liar\"");
        assertRefused(
                judge(liar.certificate(), "gw.example.org", liar.issue(gateway(), KEYS)),
                CertificateFault.PATH_LENGTH,
                "is in ca_files, but is no authority's");
    }

    @Test
    void fewerAuthoritiesMayBeAllowedThanAreShown() {
        TestAuthority low = middle.below("CN=low", new Draft("CN=low").authority(0));
        TestAuthority lower = low.below("CN=lower");
        assertRefused(
                judge(
                        "gw.example.org",
                        lower.issue(gateway(), KEYS),
                        lower.certificate(),
                        low.certificate(),
                        middle.certificate()),
                CertificateFault.PATH_LENGTH,
                "the certificate \"CN=lower\"");
        assertRefused(
                judge(low.certificate(), "gw.example.org", lower.issue(gateway(), KEYS), lower.certificate()),
                CertificateFault.PATH_LENGTH,
                "allows 0 certificates of other authorities below it, and 1 are shown");
    }

    @Test
    void anAuthoritysNamesAreKeptTo() {
        NameConstraints only = new NameConstraints(
                new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.dNSName, "example.net"))}, null);
        TestAuthority strict = TestAuthority.root(
                "CN=net", new Draft("CN=net").authority(2).with(Extension.nameConstraints, true, only));
        assertTrusted(judge(
                strict.certificate(), "gw.example.net", strict.issue(new Draft("CN=gw").dns("gw.example.net"), KEYS)));
        assertRefused(
                judge(strict.certificate(), "gw.example.org", strict.issue(gateway(), KEYS)),
                CertificateFault.NAME_CONSTRAINT,
                "\"C=XX, CN=gw\"");
        TestAuthority half =
                root.below("CN=half", new Draft("CN=half").authority(2).with(Extension.nameConstraints, true, only));
        assertRefused(
                judge(half.certificate(), "gw.example.org", half.issue(gateway(), KEYS)),
                CertificateFault.NAME_CONSTRAINT,
                "put its issuer in ca_files");
    }

    @Test
    void aCertificateForOtherThingsIsRefused() {
        assertRefused(
                judge(
                        "gw.example.org",
                        root.issue(
                                gateway().with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyEncipherment)),
                                KEYS)),
                CertificateFault.USAGE,
                "its key usage lacks digitalSignature");
        assertRefused(
                judge("gw.example.org", root.issue(purpose(KeyPurposeId.id_kp_codeSigning), KEYS)),
                CertificateFault.USAGE,
                "1.3.6.1.5.5.7.3.3");
        assertTrusted(judge("gw.example.org", root.issue(purpose(KeyPurposeId.anyExtendedKeyUsage), KEYS)));
        assertTrusted(judge("gw.example.org", root.issue(purpose(KeyPurposeId.id_kp_serverAuth), KEYS)));
        assertTrusted(judge(
                "gw.example.org",
                root.issue(gateway().with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)), KEYS)));
    }

    private static Draft purpose(KeyPurposeId purpose) {
        return gateway().with(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
    }

    @Test
    void whatIsCriticalAndNotUnderstoodIsRefused() {
        Draft odd = gateway().with(new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE);
        assertRefused(
                judge("gw.example.org", root.issue(odd, KEYS)),
                CertificateFault.EXTENSION,
                "\"C=XX, CN=gw\"",
                "RFC 5280");
    }

    @Test
    void hashesThatCanBeForgedAndShortKeysAreRefused() {
        assertRefused(
                judge("gw.example.org", root.issue(gateway().signedWithSha1(), KEYS)),
                CertificateFault.WEAK,
                "is signed with SHA1WITHECDSA");
        assertRefused(
                judge("gw.example.org", root.issue(gateway(), TestKeys.rsa("RSA", 1024))),
                CertificateFault.WEAK,
                "RSA of 1024 bits");
    }

    @Test
    void thePeersOwnCertificateMayBeTheOneThatIsTrusted() {
        X509Certificate own = TestAuthority.root("CN=gw", new Draft("CN=gw").dns("gw.example.org"))
                .certificate();
        assertTrusted(judge(own, "gw.example.org", own));
        assertRefused(judge(own, "other.example.org", own), CertificateFault.IDENTITY);
        X509Certificate other = TestAuthority.root("CN=gw", new Draft("CN=gw").dns("gw.example.org"))
                .certificate();
        assertRefused(judge(own, "gw.example.org", other), CertificateFault.PATH_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "3000", "2d2d2d2d2d", "30820100aabbcc", "ff"})
    void whatIsNoCertificateIsRefused(String octets) {
        assertRefused(
                ask(root.certificate(), "gw.example.org", List.of(new Payload.Certificate(4, Bytes.hex(octets)))),
                CertificateFault.UNREADABLE,
                "no X.509 certificate");
    }

    /** Whatever of the signed part is damaged, the answer is a no. */
    @Test
    void aDamagedCertificateIsNeverTaken() throws CertificateEncodingException {
        X509Certificate own = root.issue(gateway(), KEYS);
        byte[] good = own.getEncoded();
        // Behind the outer SEQUENCE's tag and length.
        int end = 4 + own.getTBSCertificate().length;
        for (int at = 0; at < end; at++) {
            byte[] damaged = good.clone();
            damaged[at] ^= 0x01;
            List<Payload.Certificate> shown = List.of(new Payload.Certificate(4, Bytes.of(damaged)));
            assertThat(ask(root.certificate(), "gw.example.org", shown))
                    .as("octet " + at)
                    .isInstanceOf(Verdict.Refused.class);
        }
    }

    /** Authorities of one name that all seem to have issued each other. */
    @Test
    void aTangleOfNamesIsLeftAfterAWhile() {
        X509Certificate[] shown = new X509Certificate[10];
        shown[0] = TestAuthority.root("CN=knot").issue(gateway(), KEYS);
        for (int i = 1; i < shown.length; i++) {
            shown[i] = TestAuthority.root("CN=knot").certificate();
        }
        assertRefused(judge("gw.example.org", shown), CertificateFault.UNKNOWN_AUTHORITY);
        X509Certificate last = TestAuthority.root("CN=knot").certificate();
        assertRefused(judge(last, "gw.example.org", shown), CertificateFault.BAD_SIGNATURE);
    }
}
