package org.ikev2d.xfrm.esp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;

/**
 * What the JDK can do at most: its ciphers alone, on as many octets, with what they must have for each packet and nothing of
 * ESP. AES-CBC is taken as if its IV could stay the same.
 */
final class RawCiphers {
    private final boolean aead;
    private final boolean gcm;
    private final SecretKeySpec key;
    private final Cipher sealing;
    private final Cipher opening;
    private final Mac mac;
    private final byte[] digest;
    private final byte[] nonce = new byte[12];

    RawCiphers(EspSuite suite, EspKeys keys) throws GeneralSecurityException {
        aead = KeySizes.isAead(suite.encryption());
        gcm = suite.encryption() == EncryptionAlgorithm.AES_GCM_16;
        String name = gcm ? "AES/GCM/NoPadding" : aead ? "ChaCha20-Poly1305" : "AES/CBC/NoPadding";
        sealing = Cipher.getInstance(name);
        opening = Cipher.getInstance(name);
        key = keys.encryption()
                .use(octets -> new SecretKeySpec(octets, 0, suite.keyBits() / 8, aead && !gcm ? "ChaCha20" : "AES"));
        mac = Mac.getInstance("HmacSHA" + Math.max(256, KeySizes.integrityKey(suite.integrity()) * 8));
        digest = new byte[mac.getMacLength()];
        if (suite.integrity() != Integrity.NONE) {
            mac.init(keys.integrity().use(octets -> new SecretKeySpec(octets, "HMAC")));
            sealing.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[16]));
            opening.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(new byte[16]));
        }
    }

    /** @param number of the packet, never the same twice */
    int seal(long number, byte[] in, int size, byte[] out) throws GeneralSecurityException {
        if (aead) {
            init(sealing, Cipher.ENCRYPT_MODE, number);
            return sealing.doFinal(in, 0, size, out, 0);
        }
        int written = sealing.doFinal(in, 0, size, out, 0);
        mac.update(out, 0, written);
        mac.doFinal(digest, 0);
        return written;
    }

    /** @param number that it was sealed with */
    int open(long number, byte[] in, int size, byte[] out) throws GeneralSecurityException {
        if (aead) {
            init(opening, Cipher.DECRYPT_MODE, number);
            return opening.doFinal(in, 0, size, out, 0);
        }
        mac.update(in, 0, size);
        mac.doFinal(digest, 0);
        return opening.doFinal(in, 0, size, out, 0);
    }

    private void init(Cipher cipher, int mode, long number) throws GeneralSecurityException {
        EspCipher.LONG.set(nonce, KeySizes.SALT, number);
        cipher.init(mode, key, gcm ? new GCMParameterSpec(128, nonce) : new IvParameterSpec(nonce));
    }
}
