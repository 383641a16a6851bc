package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.ikev2d.core.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DistinguishedNameTest {
    /** As {@code openssl asn1parse} has the subject of a certificate made with {@code -subj /C=XX/O=Test CA/CN=moon}. */
    private static final Bytes MOON = Bytes.hex("302f310b300906035504061302585831"
            + "10300e060355040a0c0754657374204341310e300c0603550403" + "0c056d6f6f6e31");

    @Test
    void aNameIsWrittenInTheOrderOfItsOctets() {
        assertThat(DistinguishedName.describe(MOON)).contains("C=XX, O=Test CA, CN=moon1");
        assertThat(DistinguishedName.same(MOON, DistinguishedName.encode("C=XX, O=Test CA, CN=moon1")))
                .isTrue();
        assertThat(DistinguishedName.same(MOON, DistinguishedName.encode("CN=moon1, O=Test CA, C=XX")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C=XX, O=Example, CN=gw",
                "C=XX, O=A\\, B, CN=x",
                "CN=gw, emailAddress=user@example.org",
                "serialNumber=17, CN=gw",
                "DC=org, DC=example, CN=gw",
                "CN=a\\+b"
            })
    void whatIsShownCanBeWritten(String text) {
        Bytes der = DistinguishedName.encode(text);
        assertThat(DistinguishedName.describe(der)).contains(text);
        assertThat(DistinguishedName.same(der, DistinguishedName.encode(text.replace(", CN", ",CN"))))
                .isTrue();
    }

    @Test
    void aLongNameIsReadWhole() {
        String text = "C=XX, O=" + "x".repeat(60) + ", OU=" + "y".repeat(60) + ", CN=" + "z".repeat(60);
        Bytes der = DistinguishedName.encode(text);
        assertThat(DistinguishedName.describe(der)).contains(text);
        assertThat(DistinguishedName.Like.parse(text.replaceAll("OU=y*", "OU=*"))
                        .matches(der))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"C=XX, true", "CN = gw, true", "2.5.4.3=gw, true", "user@host, false", "=x, false", "a b=c, false"})
    void aNameIsKnownByItsLook(String text, boolean looks) {
        assertThat(DistinguishedName.looksLike(text)).isEqualTo(looks);
    }

    @Test
    void whateverAPeerSentIsShownAsOneLineOrNotAtAll() {
        Random random = new Random(1);
        byte[] octets = MOON.toArray();
        for (int round = 0; round < 20_000; round++) {
            byte[] changed = octets.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            Bytes der = Bytes.wrap(changed);
            DistinguishedName.describe(der)
                    .ifPresent(text -> assertThat(text.chars().allMatch(c -> c >= ' ' && c <= '~'))
                            .isTrue());
            assertThat(DistinguishedName.same(der, MOON)).isIn(true, false);
            assertThat(DistinguishedName.Like.parse("CN=*").matches(der)).isFalse();
        }
    }
}
