package org.ikev2d.core.crypto.jca;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ikev2d.core.crypto.WatchedAlgorithms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SelfTestTest {
    @Test
    void everyAlgorithmGivesItsKnownAnswer() {
        assertThatCode(SelfTest::run).doesNotThrowAnyException();
    }

    /** Calls are counted in the order of the test; an AEAD takes three, a CBC two. */
    @ParameterizedTest
    @CsvSource({
        "1, PRF_HMAC_SHA2_256",
        "3, PRF_HMAC_SHA2_512",
        "4, prf+",
        "5, HMAC_SHA2_256_128",
        "8, AES_GCM_16-128",
        "12, AES_GCM_16-256",
        "16, CHACHA20_POLY1305",
        "17, AES_CBC-128",
        "20, AES_CBC-256",
        "21, SHA-1",
        "22, RSA-SHA2_256",
        "24, RSA-PSS-SHA2_256",
        "26, ECDSA-P256",
        "32, ED25519"
    })
    void whatFailsIsNamed(int call, String name) {
        SelfTest test = new SelfTest(entropy -> new WatchedAlgorithms(entropy, call));

        assertThatThrownBy(test::all)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("self-test: " + name + " fails")
                .hasCauseInstanceOf(WatchedAlgorithms.PlannedFailure.class);
    }

    @Test
    void whatGivesAWrongAnswerIsNamed() {
        SelfTest test = new SelfTest(entropy -> new JcaAlgorithms(count -> new byte[count]));

        assertThatThrownBy(test::all)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("self-test: CURVE25519 gives a wrong answer");
    }
}
