package org.ikev2d.core.crypto.jca;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.util.BigIntegers;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.InvalidPublicValueException;

/** Where a key exchange takes place. Arrays that come out are the caller's own; those that go in are only read. */
interface Group {
    byte[] privateValue(Entropy entropy);

    /** As a KE payload carries it. */
    byte[] publicValue(byte[] privateValue);

    /** The shared secret, with the group's checks on {@code peer}. */
    byte[] agree(byte[] privateValue, byte[] peer) throws InvalidPublicValueException;

    /** The check on lengths that every group makes. */
    static void expectSize(byte[] peer, int size) throws InvalidPublicValueException {
        if (peer.length != size) {
            throw new InvalidPublicValueException("has " + peer.length + " octets, not " + size);
        }
    }

    /** Uniform in 1 to {@code bound} - 1: 64 bits more than needed are drawn, so that the reduction does not show. */
    static byte[] scalar(Entropy entropy, BigInteger bound) {
        byte[] drawn = entropy.octets((bound.bitLength() + 7) / 8 + 8);
        BigInteger scalar =
                new BigInteger(1, drawn).mod(bound.subtract(BigInteger.ONE)).add(BigInteger.ONE);
        Arrays.fill(drawn, (byte) 0);
        return BigIntegers.asUnsignedByteArray((bound.bitLength() + 7) / 8, scalar);
    }
}
