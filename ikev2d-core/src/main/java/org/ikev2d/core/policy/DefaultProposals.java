package org.ikev2d.core.policy;

import java.util.List;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.SequenceNumbers;

/**
 * What a tunnel offers and accepts when its configuration names no proposals. Wide on purpose: strongSwan offers ESP
 * without ESN only and Child SAs with or without a key exchange, libreswan begins with ECP-256 and wants a key exchange
 * for Child SAs, OpenIKED offers AES-CBC only for IKE.
 */
public final class DefaultProposals {
    private static final List<Cipher> COMBINED = List.of(
            new Cipher(EncryptionAlgorithm.AES_GCM_16, 256),
            new Cipher(EncryptionAlgorithm.AES_GCM_16, 128),
            new Cipher(EncryptionAlgorithm.CHACHA20_POLY1305, 256));

    private static final List<Cipher> CBC =
            List.of(new Cipher(EncryptionAlgorithm.AES_CBC, 256), new Cipher(EncryptionAlgorithm.AES_CBC, 128));

    private static final List<Integrity> HMACS =
            List.of(Integrity.HMAC_SHA2_256_128, Integrity.HMAC_SHA2_384_192, Integrity.HMAC_SHA2_512_256);

    private static final List<Prf> PRFS = List.of(Prf.HMAC_SHA2_256, Prf.HMAC_SHA2_384, Prf.HMAC_SHA2_512);

    private static final List<KeyExchangeMethod> KEY_EXCHANGES = List.of(
            KeyExchangeMethod.CURVE25519,
            KeyExchangeMethod.ECP_256,
            KeyExchangeMethod.ECP_384,
            KeyExchangeMethod.ECP_521,
            KeyExchangeMethod.MODP_3072,
            KeyExchangeMethod.MODP_4096,
            KeyExchangeMethod.MODP_2048);

    private static final List<KeyExchangeMethod> CHILD_KEY_EXCHANGES = List.of(
            KeyExchangeMethod.CURVE25519,
            KeyExchangeMethod.ECP_256,
            KeyExchangeMethod.ECP_384,
            KeyExchangeMethod.ECP_521,
            KeyExchangeMethod.MODP_3072,
            KeyExchangeMethod.MODP_4096,
            KeyExchangeMethod.MODP_2048,
            KeyExchangeMethod.NONE);

    private static final List<SequenceNumbers> EITHER = List.of(SequenceNumbers.ESN, SequenceNumbers.NO_ESN);

    public static final List<IkeProposal> IKE = List.of(
            new IkeProposal(COMBINED, List.of(), PRFS, KEY_EXCHANGES),
            new IkeProposal(CBC, HMACS, PRFS, KEY_EXCHANGES));

    public static final List<EspProposal> ESP = List.of(
            new EspProposal(COMBINED, List.of(), CHILD_KEY_EXCHANGES, EITHER),
            new EspProposal(CBC, HMACS, CHILD_KEY_EXCHANGES, EITHER));

    private DefaultProposals() {}
}
