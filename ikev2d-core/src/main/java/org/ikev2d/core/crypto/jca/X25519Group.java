package org.ikev2d.core.crypto.jca;

import org.bouncycastle.math.ec.rfc7748.X25519;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.InvalidPublicValueException;

/**
 * Curve25519 (RFC 8031): 32 octets of each. Values that are not canonical are taken, and the last octet's first bit is
 * ignored (RFC 8031 §3.2).
 */
final class X25519Group implements Group {
    @Override
    public byte[] privateValue(Entropy entropy) {
        return entropy.octets(X25519.SCALAR_SIZE);
    }

    @Override
    public byte[] publicValue(byte[] privateValue) {
        byte[] value = new byte[X25519.POINT_SIZE];
        X25519.scalarMultBase(privateValue, 0, value, 0);
        return value;
    }

    @Override
    public byte[] agree(byte[] privateValue, byte[] peer) throws InvalidPublicValueException {
        Group.expectSize(peer, X25519.POINT_SIZE);
        byte[] shared = new byte[X25519.POINT_SIZE];
        if (!X25519.calculateAgreement(privateValue, 0, peer, 0, shared, 0)) {
            throw new InvalidPublicValueException("gives a shared secret of zeros (RFC 7748 §6.1)");
        }
        return shared;
    }
}
