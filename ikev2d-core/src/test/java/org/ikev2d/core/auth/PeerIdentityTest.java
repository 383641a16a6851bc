package org.ikev2d.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.wire.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerIdentityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "any | gw.example.org",
                "any | keyid:hex:00",
                "any | C=XX, CN=moon",
                "gw.example.org | GW.Example.ORG",
                "user@example.org | User@EXAMPLE.org",
                "192.0.2.1 | 192.0.2.1",
                "keyid:blue | keyid:blue",
                "*.example.org | gw.example.org",
                "*.example.org | a.b.EXAMPLE.org",
                "*@example.org | user@example.org",
                "C=XX, O=Test CA, CN=moon | c=xx, o=test  ca, cn=MOON",
                "C=XX, O=Test CA, CN=* | C=XX, O=Test CA, CN=moon",
                "C=XX, O=*, CN=moon | C=XX, O=Any\\, Ltd, CN=moon",
                "CN=* | CN=a\\+b",
                "C=XX, emailAddress=* | C=XX, emailAddress=user@example.org",
                "'O=a+OU=b, CN=*' | 'O=a+OU=b, CN=x'",
            })
    void identitiesThatAreMeantMatch(String pattern, String identity) {
        assertThat(PeerIdentity.parse(pattern).matches(Identity.parse(identity)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gw.example.org | gw2.example.org",
                "gw.example.org | keyid:gw.example.org",
                "gw.example.org | rfc822:gw@example.org",
                "192.0.2.1 | 192.0.2.2",
                "192.0.2.1 | fqdn:192.0.2.1",
                "keyid:blue | keyid:BLUE",
                "*.example.org | example.org",
                "*.example.org | fqdn:.example.org",
                "*.example.org | gw.example.org.evil.net",
                "*.example.org | gwexample.org",
                "*.example.org | fqdn:user@gw.example.org",
                "*.example.org | user@gw.example.org",
                "*@example.org | gw.example.org",
                "*@example.org | user@sub.example.org",
                "*@example.org | user@evil-example.org",
                "C=XX, O=Test CA, CN=moon | C=XX, O=Test CA, CN=sun",
                "C=XX, O=Test CA, CN=moon | CN=moon, O=Test CA, C=XX",
                "C=XX, O=Test CA, CN=* | C=XX, O=Test CA, OU=Research, CN=moon",
                "C=XX, O=Test CA, CN=* | C=XX, O=Test CA",
                "C=XX, O=Test CA, CN=* | C=XX, O=Test CA, OU=moon",
                "C=XX, O=Test CA, CN=* | 'C=XX, O=Test CA, CN=moon+OU=b'",
                "C=XX, O=Test CA, CN=* | C=YY, O=Test CA, CN=moon",
                "CN=* | 'CN=moon, O=evil'",
                "CN=* | fqdn:moon",
            })
    void othersDoNot(String pattern, String identity) {
        assertThat(PeerIdentity.parse(pattern).matches(Identity.parse(identity)))
                .isFalse();
    }

    @Test
    void octetsThatNoNameHasMatchNoPattern() {
        PeerIdentity hosts = PeerIdentity.parse("*.example.org");
        Bytes suffix = Bytes.hex("2e6578616d706c652e6f7267");
        assertThat(hosts.matches(new Identity(IdType.FQDN.code(), Bytes.concat(Bytes.hex("67"), suffix))))
                .isTrue();
        for (String start : new String[] {"", "00", "6700", "20", "ff", "670a"}) {
            assertThat(hosts.matches(new Identity(IdType.FQDN.code(), Bytes.concat(Bytes.hex(start), suffix))))
                    .as(start)
                    .isFalse();
        }
        PeerIdentity names = PeerIdentity.parse("CN=*");
        for (String der : new String[] {"", "30", "3000", "3005", "300c310a3008060355040313", "31003000", "ff"}) {
            assertThat(names.matches(new Identity(IdType.DER_ASN1_DN.code(), Bytes.hex(der))))
                    .as(der)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.*.org", "gw.*.org", "CN=gw*, O=x, OU=*", "*", "*@", "*."})
    void otherPlacesForAStarAreRefused(String text) {
        assertThatThrownBy(() -> PeerIdentity.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "any | \"any\"",
                "gw.example.org | \"gw.example.org\"",
                "*.Example.org | \"*.example.org\"",
                "*@example.org | \"*@example.org\"",
                "C=XX, CN=* | \"C=XX, CN=*\"",
                "C=XX, CN=gw | \"C=XX, CN=gw\"",
                "192.0.2.1 | 192.0.2.1",
            })
    void theyAreShownAsTheyAreWritten(String text, String shown) {
        assertThat(PeerIdentity.parse(text).describe()).isEqualTo(shown);
    }

    @Test
    void onlyOneThatIsExactCanBeAskedFor() {
        assertThat(PeerIdentity.parse("gw.example.org").exact()).contains(Identity.parse("gw.example.org"));
        assertThat(PeerIdentity.parse("any").exact()).isEmpty();
        assertThat(PeerIdentity.parse("*.example.org").exact()).isEmpty();
    }
}
