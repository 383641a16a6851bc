package org.ikev2d.core.scenario;

import java.util.List;
import org.ikev2d.core.policy.Cipher;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.SequenceNumbers;

/** Proposals that differ in one thing only. */
final class Proposals {
    private static final Cipher GCM = new Cipher(EncryptionAlgorithm.AES_GCM_16, 128);

    private Proposals() {}

    /** The first is what its KE payload is made for. */
    static IkeProposal ike(KeyExchangeMethod... methods) {
        return new IkeProposal(List.of(GCM), List.of(), List.of(Prf.HMAC_SHA2_256), List.of(methods));
    }

    static IkeProposal additional(KeyExchangeMethod first, List<List<KeyExchangeMethod>> additional) {
        return new IkeProposal(List.of(GCM), List.of(), List.of(Prf.HMAC_SHA2_256), List.of(first), additional);
    }

    static EspProposal esp(KeyExchangeMethod... methods) {
        return new EspProposal(List.of(GCM), List.of(), List.of(methods), List.of(SequenceNumbers.NO_ESN));
    }

    static IkeProposal ike(EncryptionAlgorithm algorithm) {
        return new IkeProposal(
                List.of(new Cipher(algorithm, 256)),
                List.of(),
                List.of(Prf.HMAC_SHA2_256),
                List.of(KeyExchangeMethod.CURVE25519));
    }

    static EspProposal esp(EncryptionAlgorithm algorithm) {
        return new EspProposal(
                List.of(new Cipher(algorithm, 256)),
                List.of(),
                List.of(KeyExchangeMethod.NONE),
                List.of(SequenceNumbers.NO_ESN));
    }
}
