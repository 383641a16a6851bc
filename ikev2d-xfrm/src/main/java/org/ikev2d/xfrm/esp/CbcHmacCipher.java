package org.ikev2d.xfrm.esp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.registry.Integrity;

/**
 * AES-CBC (RFC 3602), then HMAC-SHA2 over the packet (RFC 4868) and, of extended sequence numbers, the high half behind it
 * (RFC 4303 §2.2.1).
 *
 * <p>The ciphers are made ready once, with an IV of zeros: encrypted, the IV's seed becomes the first block of the
 * ciphertext, which is the IV of the others; decrypted, the IV's own block is thrown away.
 */
final class CbcHmacCipher implements EspCipher {
    private static final int BLOCK = KeySizes.CBC_BLOCK;

    private final boolean esn;
    private final int icv;
    private final Cipher encryption;
    private final Cipher decryption;
    private final Mac mac;

    private final byte[] digest;
    private final byte[] high = new byte[Integer.BYTES];
    private final byte[] thrownAway = new byte[BLOCK];

    CbcHmacCipher(EspSuite suite, EspKeys keys) throws GeneralSecurityException {
        esn = suite.esn();
        icv = KeySizes.checksum(suite.integrity());
        SecretKeySpec key = keys.encryption().use(octets -> new SecretKeySpec(octets, "AES"));
        encryption = cipher(Cipher.ENCRYPT_MODE, key);
        decryption = cipher(Cipher.DECRYPT_MODE, key);
        String name = name(suite.integrity());
        mac = Mac.getInstance(name);
        mac.init(keys.integrity().use(octets -> new SecretKeySpec(octets, name)));
        digest = new byte[mac.getMacLength()];
    }

    private static Cipher cipher(int mode, SecretKeySpec key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(mode, key, new IvParameterSpec(new byte[BLOCK]));
        return cipher;
    }

    private static String name(Integrity integrity) {
        return switch (integrity) {
            case HMAC_SHA2_256_128 -> "HmacSHA256";
            case HMAC_SHA2_384_192 -> "HmacSHA384";
            case HMAC_SHA2_512_256 -> "HmacSHA512";
            case NONE -> throw new IllegalArgumentException("AES-CBC without integrity");
        };
    }

    @Override
    public void seal(byte[] plaintext, int size, byte[] packet, int at, long sequence) {
        int iv = at + EspLayout.HEADER;
        try {
            encryption.update(packet, iv, BLOCK, packet, iv);
            encryption.doFinal(plaintext, 0, size, packet, iv + BLOCK);
            int covered = EspLayout.HEADER + BLOCK + size;
            authenticate(packet, at, covered, sequence);
            System.arraycopy(digest, 0, packet, at + covered, icv);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    @Override
    public boolean open(byte[] packet, int at, int length, long sequence, byte[] out, int outAt) {
        int iv = at + EspLayout.HEADER;
        int covered = length - icv;
        try {
            authenticate(packet, at, covered, sequence);
            if (!matches(packet, at + covered)) {
                return false;
            }
            decryption.update(packet, iv, BLOCK, thrownAway, 0);
            decryption.doFinal(packet, iv + BLOCK, covered - EspLayout.HEADER - BLOCK, out, outAt);
            return true;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot open", e);
        }
    }

    private void authenticate(byte[] packet, int at, int covered, long sequence) throws GeneralSecurityException {
        mac.update(packet, at, covered);
        if (esn) {
            INT.set(high, 0, (int) (sequence >>> Integer.SIZE));
            mac.update(high, 0, high.length);
        }
        mac.doFinal(digest, 0);
    }

    /** In constant time. */
    private boolean matches(byte[] packet, int at) {
        int difference = 0;
        for (int i = 0; i < icv; i++) {
            difference |= digest[i] ^ packet[at + i];
        }
        return difference == 0;
    }
}
