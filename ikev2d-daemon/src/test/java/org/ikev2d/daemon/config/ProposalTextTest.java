package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ikev2d.core.policy.Cipher;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.SequenceNumbers;
import org.junit.jupiter.api.Test;

/** What is refused is in proposals.toml of {@link ConfigProblemsTest}. */
class ProposalTextTest {
    @Test
    void severalOfAKindKeepTheirOrder() throws BadValueException {
        assertThat(ProposalText.ike("aes128gcm16-aes256gcm16-prfsha512-prfsha256-ecp384-x25519"))
                .isEqualTo(new IkeProposal(
                        List.of(
                                new Cipher(EncryptionAlgorithm.AES_GCM_16, 128),
                                new Cipher(EncryptionAlgorithm.AES_GCM_16, 256)),
                        List.of(),
                        List.of(Prf.HMAC_SHA2_512, Prf.HMAC_SHA2_256),
                        List.of(KeyExchangeMethod.ECP_384, KeyExchangeMethod.CURVE25519)));
    }

    @Test
    void additionalKeyExchangesHaveTheirNumbers() throws BadValueException {
        IkeProposal read =
                ProposalText.ike("aes256gcm16-prfsha384-x25519-ecp384-ke1_mlkem768-ke3_ecp256-ke1_mlkem1024-ke3_none");
        assertThat(read.keyExchanges()).containsExactly(KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_384);
        assertThat(read.additional())
                .containsExactly(
                        List.of(KeyExchangeMethod.ML_KEM_768, KeyExchangeMethod.ML_KEM_1024),
                        List.of(),
                        List.of(KeyExchangeMethod.ECP_256, KeyExchangeMethod.NONE));
    }

    @Test
    void withoutAPrfTheIntegrityAlgorithmsBringTheirs() throws BadValueException {
        assertThat(ProposalText.ike("aes128-sha384-sha256-modp2048"))
                .isEqualTo(new IkeProposal(
                        List.of(new Cipher(EncryptionAlgorithm.AES_CBC, 128)),
                        List.of(Integrity.HMAC_SHA2_384_192, Integrity.HMAC_SHA2_256_128),
                        List.of(Prf.HMAC_SHA2_384, Prf.HMAC_SHA2_256),
                        List.of(KeyExchangeMethod.MODP_2048)));
    }

    @Test
    void espWithoutKeyExchangeAndEsnOffersNoneAndBoth() throws BadValueException {
        assertThat(ProposalText.esp("chacha20poly1305"))
                .isEqualTo(new EspProposal(
                        List.of(new Cipher(EncryptionAlgorithm.CHACHA20_POLY1305, 256)),
                        List.of(),
                        List.of(KeyExchangeMethod.NONE),
                        List.of(SequenceNumbers.ESN, SequenceNumbers.NO_ESN)));
    }

    @Test
    void espSaysWhatItWants() throws BadValueException {
        assertThat(ProposalText.esp("aes256-sha512-none-ecp521-noesn"))
                .isEqualTo(new EspProposal(
                        List.of(new Cipher(EncryptionAlgorithm.AES_CBC, 256)),
                        List.of(Integrity.HMAC_SHA2_512_256),
                        List.of(KeyExchangeMethod.NONE, KeyExchangeMethod.ECP_521),
                        List.of(SequenceNumbers.NO_ESN)));
    }
}
