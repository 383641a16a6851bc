package org.ikev2d.planted.crypto;

import java.util.Random;
import javax.crypto.Cipher;

/** Hands out its octets, and has randomness and ciphers where they do not belong. */
public final class Secret {
    private Secret() {}

    public byte[] octets() {
        byte[] octets = new byte[(int) (Math.random() * 8)];
        new Random(1).nextBytes(octets);
        return octets;
    }

    public int modes() {
        return Cipher.ENCRYPT_MODE + Cipher.class.getModifiers();
    }
}
