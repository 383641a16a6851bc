package org.ikev2d.core.crypto.jca;

import java.util.Arrays;
import javax.security.auth.DestroyFailedException;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyAnswer;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.KeyExchangeMethod;

/**
 * ML-KEM (FIPS 203): the initiator sends an encapsulation key, the responder a ciphertext; the secret has 32 octets. Each
 * exchange has a key of its own (draft-ietf-ipsecme-ikev2-mlkem §3).
 */
final class MlKem {
    /** d | z. */
    private static final int SEED_SIZE = 64;

    private static final int MESSAGE_SIZE = 32;

    private final KeyExchangeMethod method;
    private final MLKEMParameters parameters;
    private final int keySize;

    /** @param rank k, 3 or 4: so many polynomials of 384 octets are in the key, and 32 octets behind them */
    MlKem(KeyExchangeMethod method, MLKEMParameters parameters, int rank) {
        this.method = method;
        this.parameters = parameters;
        this.keySize = 384 * rank + 32;
    }

    KeyExchange begin(Entropy entropy) {
        byte[] seed = entropy.octets(SEED_SIZE);
        try {
            return new Begun(new MLKEMPrivateKeyParameters(parameters, seed));
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    KeyAnswer answer(Entropy entropy, Bytes encapsulationKey) throws InvalidPublicValueException {
        byte[] encoded = encapsulationKey.toArray();
        Group.expectSize(encoded, keySize);
        MLKEMPublicKeyParameters key;
        try {
            key = new MLKEMPublicKeyParameters(parameters, encoded);
        } catch (IllegalArgumentException e) {
            throw new InvalidPublicValueException("has a coefficient of 3329 or more (FIPS 203 §7.2)");
        }
        byte[] message = entropy.octets(MESSAGE_SIZE);
        SecretWithEncapsulation made = MLKEMGenerator.internalGenerateEncapsulated(key, message);
        Arrays.fill(message, (byte) 0);
        try {
            return new KeyAnswer(Bytes.wrap(made.getEncapsulation()), Secret.owning(made.getSecret()));
        } finally {
            destroy(made);
        }
    }

    /** Throws only where there is nothing to destroy. */
    private static void destroy(SecretWithEncapsulation made) {
        try {
            made.destroy();
        } catch (DestroyFailedException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Begun implements KeyExchange {
        private final MLKEMPrivateKeyParameters key;
        private final Bytes publicValue;

        Begun(MLKEMPrivateKeyParameters key) {
            this.key = key;
            this.publicValue = Bytes.wrap(key.getPublicKey());
        }

        @Override
        public KeyExchangeMethod method() {
            return method;
        }

        @Override
        public Bytes publicValue() {
            return publicValue;
        }

        @Override
        public Secret agree(Bytes ciphertext) throws InvalidPublicValueException {
            byte[] octets = ciphertext.toArray();
            Group.expectSize(octets, parameters.getEncapsulationLength());
            if (key.isDestroyed()) {
                throw new IllegalStateException("key exchange used after it was closed");
            }
            return Secret.owning(new MLKEMExtractor(key).extractSecret(octets));
        }

        @Override
        public void close() {
            key.destroy();
        }
    }
}
