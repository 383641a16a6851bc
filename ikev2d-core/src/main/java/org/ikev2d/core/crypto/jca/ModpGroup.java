package org.ikev2d.core.crypto.jca;

import java.math.BigInteger;
import org.bouncycastle.crypto.params.DHParameters;
import org.bouncycastle.util.BigIntegers;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.InvalidPublicValueException;

/**
 * A group modulo a safe prime (RFC 3526). Exponents are short, about twice the group's strength (RFC 3526 §8), which
 * makes them several times as fast. BigInteger takes a time that depends on the exponent: private values are for one
 * exchange only.
 */
final class ModpGroup implements Group {
    private final BigInteger prime;
    private final BigInteger generator;
    private final BigInteger exponentBound;
    private final int size;

    ModpGroup(DHParameters parameters, int exponentBits) {
        this.prime = parameters.getP();
        this.generator = parameters.getG();
        this.exponentBound = BigInteger.ONE.shiftLeft(exponentBits);
        this.size = prime.bitLength() / 8;
    }

    @Override
    public byte[] privateValue(Entropy entropy) {
        return Group.scalar(entropy, exponentBound);
    }

    @Override
    public byte[] publicValue(byte[] privateValue) {
        return power(generator, privateValue);
    }

    @Override
    public byte[] agree(byte[] privateValue, byte[] peer) throws InvalidPublicValueException {
        Group.expectSize(peer, size);
        BigInteger value = new BigInteger(1, peer);
        BigInteger last = prime.subtract(BigInteger.ONE);
        if (value.compareTo(BigInteger.ONE) <= 0 || value.compareTo(last) >= 0) {
            throw new InvalidPublicValueException("not within 2 and p - 2 (RFC 6989 §2.1)");
        }
        return power(value, privateValue);
    }

    /** As long as the modulus (RFC 7296 §2.14). */
    private byte[] power(BigInteger base, byte[] exponent) {
        return BigIntegers.asUnsignedByteArray(size, base.modPow(new BigInteger(1, exponent), prime));
    }
}
