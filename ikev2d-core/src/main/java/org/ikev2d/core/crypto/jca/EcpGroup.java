package org.ikev2d.core.crypto.jca;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.InvalidPublicValueException;

/** A NIST curve over a prime field: public values are x | y, the secret is x alone (RFC 5903 §7). */
final class EcpGroup implements Group {
    /** What SEC 1 puts before x | y. */
    private static final byte UNCOMPRESSED = 4;

    private final ECDomainParameters domain;
    private final int fieldSize;

    /** @param curve its SEC 2 name */
    EcpGroup(String curve) {
        X9ECParameters parameters = CustomNamedCurves.getByName(curve);
        this.domain = new ECDomainParameters(parameters);
        this.fieldSize = (domain.getCurve().getFieldSize() + 7) / 8;
    }

    @Override
    public byte[] privateValue(Entropy entropy) {
        return Group.scalar(entropy, domain.getN());
    }

    @Override
    public byte[] publicValue(byte[] privateValue) {
        ECPoint point = new FixedPointCombMultiplier()
                .multiply(domain.getG(), new BigInteger(1, privateValue))
                .normalize();
        byte[] encoded = point.getEncoded(false);
        return Arrays.copyOfRange(encoded, 1, encoded.length);
    }

    @Override
    public byte[] agree(byte[] privateValue, byte[] peer) throws InvalidPublicValueException {
        Group.expectSize(peer, 2 * fieldSize);
        ECDHBasicAgreement agreement = new ECDHBasicAgreement();
        agreement.init(new ECPrivateKeyParameters(new BigInteger(1, privateValue), domain));
        BigInteger x = agreement.calculateAgreement(new ECPublicKeyParameters(point(peer), domain));
        return BigIntegers.asUnsignedByteArray(fieldSize, x);
    }

    /** Both coordinates in the field, and on the curve (RFC 6989 §2.3). */
    private ECPoint point(byte[] peer) throws InvalidPublicValueException {
        byte[] encoded = new byte[1 + peer.length];
        encoded[0] = UNCOMPRESSED;
        System.arraycopy(peer, 0, encoded, 1, peer.length);
        try {
            return domain.getCurve().decodePoint(encoded);
        } catch (IllegalArgumentException e) {
            throw new InvalidPublicValueException("not a point of the curve (RFC 6989 §2.3)");
        }
    }
}
