package org.ikev2d.daemon.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.daemon.trust.TestAuthority.NOW;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.daemon.trust.Revocation.Policy;
import org.ikev2d.daemon.trust.TestAuthority.Draft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that were revoked, or of which that is not known. */
class RevocationTest {
    private static final Instant SOON = NOW.plus(Duration.ofDays(1));

    private final TestAuthority root = TestAuthority.root("C=XX,CN=root");
    private final TestAuthority middle = root.below("C=XX,CN=middle");
    private final X509Certificate own =
            middle.issue(new Draft("C=XX,CN=gw").dns("gw.example.org"), TestKeys.pair(Kind.ED25519));

    private Verdict judge(Policy policy, X509CRL... lists) {
        TrustRules rules = new TrustRules(List.of(root.certificate()), new Revocation(policy, List.of(lists), false));
        List<Payload.Certificate> shown = List.of(
                new Payload.Certificate(4, Certificates.encoded(own)),
                new Payload.Certificate(4, Certificates.encoded(middle.certificate())));
        return new CertificateJudge(
                        Map.of("t", rules), new RevocationSources(FetchLimits.DEFAULT), InstantSource.fixed(NOW))
                .judge(new Output.Judge(
                        new Output.Judge.Ticket(IkeSpi.NONE, 1), "t", Identity.parse("gw.example.org"), shown));
    }

    private static void assertRefused(Verdict verdict, CertificateFault fault, String... texts) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        Verdict.Refused refused = (Verdict.Refused) verdict;
        assertThat(refused.fault()).as(refused.text()).isEqualTo(fault);
        assertThat(refused.text()).contains(texts);
    }

    private static void assertTrusted(Verdict verdict, String... remarks) {
        assertThat(verdict).isInstanceOf(Verdict.Trusted.class);
        List<String> said = ((Verdict.Trusted) verdict).remarks();
        assertThat(said).hasSize(remarks.length);
        for (int i = 0; i < remarks.length; i++) {
            assertThat(said.get(i)).contains(remarks[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STRICT", "IF_AVAILABLE"})
    void aCertificateThatStandsInNoListIsTrusted(Policy policy) {
        assertTrusted(judge(policy, root.list(NOW, SOON), middle.list(NOW, SOON)));
    }

    @ParameterizedTest
    @EnumSource(names = {"STRICT", "IF_AVAILABLE"})
    void aCertificateThatWasRevokedIsRefused_rfc5280_6_3(Policy policy) {
        assertRefused(
                judge(policy, root.list(NOW, SOON), middle.list(NOW, SOON, own)),
                CertificateFault.REVOKED,
                "the certificate \"C=XX, CN=gw\" (serial number ",
                "was revoked at " + NOW.minus(Duration.ofHours(1)) + " (KEY_COMPROMISE)");
    }

    @Test
    void anAuthorityThatWasRevokedVouchesForNobody() {
        assertRefused(
                judge(Policy.STRICT, root.list(NOW, SOON, middle.certificate()), middle.list(NOW, SOON)),
                CertificateFault.REVOKED,
                "the certificate \"C=XX, CN=middle\"");
    }

    @Test
    void whatIsNotKnownIsRefusedWhereItMustBe() {
        assertRefused(
                judge(Policy.STRICT, root.list(NOW, SOON)),
                CertificateFault.REVOCATION_UNKNOWN,
                "\"C=XX, CN=gw\"",
                "may be revoked, and revocation = \"strict\": no list of its issuer is in crl_files");
    }

    @Test
    void aListThatWasToBeReplacedIsNone() {
        Instant past = NOW.minus(Duration.ofDays(2));
        assertRefused(
                judge(Policy.STRICT, root.list(NOW, SOON), middle.list(past.minus(Duration.ofDays(1)), past, own)),
                CertificateFault.REVOCATION_UNKNOWN,
                "the list of its issuer in crl_files was to be replaced by " + past);
    }

    @Test
    void aListThatSomebodyElseSignedIsNone() {
        TestAuthority impostor = TestAuthority.root("C=XX,CN=middle");
        assertRefused(
                judge(Policy.STRICT, root.list(NOW, SOON), impostor.list(NOW, SOON)),
                CertificateFault.REVOCATION_UNKNOWN,
                "cannot be used");
    }

    @Test
    void whatIsNotKnownIsRemarkedOnElsewhere() {
        assertTrusted(
                judge(Policy.IF_AVAILABLE, root.list(NOW, SOON)),
                "whether the certificate \"C=XX, CN=gw\" (serial number ");
    }

    @Test
    void nobodyLooksWhereThereIsNoListOrNobodyShall() {
        assertTrusted(judge(Policy.IF_AVAILABLE));
        assertTrusted(judge(Policy.OFF, root.list(NOW, SOON), middle.list(NOW, SOON, own)));
    }
}
