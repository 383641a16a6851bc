package org.ikev2d.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.SignatureScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AlgorithmIdentifiersTest {
    private static Bytes octets(String hex) {
        return Bytes.hex(hex.replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_SHA1, 300d 0609 2a86 4886 f70d 0101 0505 00",
        "RSA_SHA2_256, 300d 0609 2a86 4886 f70d 0101 0b05 00",
        "RSA_SHA2_384, 300d 0609 2a86 4886 f70d 0101 0c05 00",
        "RSA_SHA2_512, 300d 0609 2a86 4886 f70d 0101 0d05 00",
        "ECDSA_SHA2_256, 300a 0608 2a86 48ce 3d04 0302",
        "ECDSA_SHA2_384, 300a 0608 2a86 48ce 3d04 0303",
        "ECDSA_SHA2_512, 300a 0608 2a86 48ce 3d04 0304",
        "RSA_PSS_SHA2_256, 3046 0609 2a86 4886 f70d 0101 0a30 39a0 0f30 0d06 0960 8648 0165 0304 0201 0500 a11c 301a 0609"
                + " 2a86 4886 f70d 0101 0830 0d06 0960 8648 0165 0304 0201 0500 a203 0201 20a3 0302 0101",
        "ED25519, 3005 0603 2b65 70",
    })
    void identifiersAreThoseOfTheAppendices_rfc7427_A_rfc8420_A(SignatureScheme scheme, String hex) {
        assertThat(AlgorithmIdentifiers.of(scheme)).isEqualTo(octets(hex));
        assertThat(AlgorithmIdentifiers.find(octets(hex))).contains(scheme);
    }

    /** Other encoders leave out what may be left out, or write what need not be. */
    @ParameterizedTest
    @CsvSource({
        "RSA_SHA2_256, 300b 0609 2a86 4886 f70d 0101 0b",
        "ECDSA_SHA2_384, 300c 0608 2a86 48ce 3d04 0303 0500",
        // strongSwan: no trailer field.
        "RSA_PSS_SHA2_256, 3041 0609 2a86 4886 f70d 0101 0a30 34a0 0f30 0d06 0960 8648 0165 0304 0201 0500 a11c 301a 0609"
                + " 2a86 4886 f70d 0101 0830 0d06 0960 8648 0165 0304 0201 0500 a203 0201 20",
        // No trailer field, and hashes without parameters.
        "RSA_PSS_SHA2_512, 303d 0609 2a86 4886 f70d 0101 0a30 30a0 0d30 0b06 0960 8648 0165 0304 0203 a11a 3018 0609"
                + " 2a86 4886 f70d 0101 0830 0b06 0960 8648 0165 0304 0203 a203 0201 40",
    })
    void otherFormsOfTheSameAreKnownToo_rfc4055_2_1(SignatureScheme scheme, String hex) {
        assertThat(AlgorithmIdentifiers.find(octets(hex))).contains(scheme);
    }

    /** Empty and default parameters of PSS mean SHA-1 (RFC 8247 §3.2); the rest is DSA, ECDSA with SHA-1, Ed448, PSS with a salt of 20. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "300d 0609 2a86 4886 f70d 0101 0a30 00",
                "303e 0609 2a86 4886 f70d 0101 0a30 31a0 0b30 0906 052b 0e03 021a 0500 a118 3016"
                        + " 0609 2a86 4886 f70d 0101 0830 0906 052b 0e03 021a 0500 a203 0201 14a3 0302 0101",
                "300b 0609 6086 4801 6503 0403 02",
                "3009 0607 2a86 48ce 3d04 01",
                "3005 0603 2b65 71",
                "3041 0609 2a86 4886 f70d 0101 0a30 34a0 0f30 0d06 0960 8648 0165 0304 0201 0500 a11c 301a 0609"
                        + " 2a86 4886 f70d 0101 0830 0d06 0960 8648 0165 0304 0201 0500 a203 0201 14",
                "",
                "30",
            })
    void othersAreNotKnown(String hex) {
        assertThat(AlgorithmIdentifiers.find(octets(hex))).isEmpty();
    }

    @Test
    void everySchemeHasItsOwn() {
        assertThat(Arrays.stream(SignatureScheme.values()).map(AlgorithmIdentifiers::of))
                .doesNotHaveDuplicates()
                .allSatisfy(identifier -> assertThat(identifier.at(1)).isEqualTo(identifier.size() - 2));
    }
}
