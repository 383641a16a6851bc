package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.daemon.trust.TestAuthority.NOW;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.daemon.config.Validity.State;
import org.ikev2d.daemon.trust.Revocation;
import org.ikev2d.daemon.trust.TestAuthority;
import org.ikev2d.daemon.trust.TestAuthority.Draft;
import org.ikev2d.daemon.trust.TrustRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and lists that end some day. */
class ValidityTest {
    private static final Duration NOTICE = Duration.ofDays(14);

    private final TestAuthority root = TestAuthority.root("C=XX,CN=root");

    private X509Certificate own(Duration before, Duration after) {
        return root.issue(new Draft("CN=gw").valid(NOW.minus(before), NOW.plus(after)), TestKeys.pair(Kind.ED25519));
    }

    private static Papers papers(X509Certificate... chain) {
        return new Papers("b", List.of(chain), Optional.empty());
    }

    /** Of one that lives for 30 days, ten are the last third. */
    @ParameterizedTest
    @CsvSource({
        "300, 15, 14, FINE",
        "300, 13, 14, SOON",
        "300, 13, 0, FINE",
        "18, 12, 14, FINE",
        "21, 9, 14, SOON",
        "300, -1, 14, OVER",
        "300, -1, 0, OVER",
    })
    void whatEndsSoonIsToldInTime(int daysBefore, int daysAfter, int notice, State state) {
        X509Certificate own = own(Duration.ofDays(daysBefore), Duration.ofDays(daysAfter));
        assertThat(papers(own).validities(NOW, Duration.ofDays(notice)))
                .singleElement()
                .satisfies(one -> assertThat(one.state()).isEqualTo(state));
    }

    @Test
    void theSentenceNamesItAndItsEndAndWhatToDo() {
        Validity soon = papers(own(Duration.ofDays(300), Duration.ofDays(3)))
                .validities(NOW, NOTICE)
                .get(0);
        assertThat(soon.code()).isEqualTo("own-certificate-expires");
        assertThat(soon.text())
                .startsWith("our certificate \"CN=gw\" (serial number ")
                .endsWith(
                        ", issued by \"C=XX, CN=root\") expires at 2030-06-18T12:00:00Z, in 3 days: get another, put it in"
                                + " its place, and say \"ikev2ctl reload\"");
        Validity over = papers(own(Duration.ofDays(300), Duration.ofDays(-3)))
                .validities(NOW, NOTICE)
                .get(0);
        assertThat(over.code()).isEqualTo("own-certificate-expired");
        assertThat(over.text()).contains(" expired at 2030-06-12T12:00:00Z: get another");
    }

    @Test
    void authoritiesAndListsAreLookedAtToo() {
        Instant past = NOW.minus(Duration.ofDays(1));
        TrustRules rules = new TrustRules(
                List.of(root.certificate()),
                new Revocation(
                        Revocation.Policy.STRICT,
                        List.of(root.list(past.minusSeconds(60), past), root.list(past, NOW.plusSeconds(60))),
                        false));
        X509Certificate own = own(Duration.ofDays(300), Duration.ofDays(300));
        List<Validity> all = new Papers("b", List.of(own, root.certificate()), Optional.of(rules))
                .validities(NOW.plus(Duration.ofDays(9)), NOTICE);
        assertThat(all)
                .extracting(one -> one.kind().word() + " " + one.state() + " " + one.code())
                .containsExactly(
                        "certificate FINE own-certificate-expires",
                        "certificate SOON own-certificate-expires",
                        "authority SOON authority-expires",
                        "revocation-list OVER revocation-list-expired",
                        "revocation-list OVER revocation-list-expired");
        assertThat(all.get(1).text()).startsWith("the certificate behind ours, \"C=XX, CN=root\"");
        assertThat(all.get(2).text()).startsWith("the certificate in ca_files \"C=XX, CN=root\"");
        assertThat(all.get(3).text())
                .isEqualTo("the revocation list of \"C=XX, CN=root\" in crl_files was to be replaced by " + past
                        + ": put the new one in its place, and say \"ikev2ctl reload\"");
    }
}
