package org.ikev2d.xfrm.esp;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.registry.EncryptionAlgorithm;

/** AES-GCM (RFC 4106) and ChaCha20-Poly1305 (RFC 7634): the same but for the JDK's names. */
final class AeadCipher implements EspCipher {
    private static final int TAG_BITS = KeySizes.AEAD_TAG * Byte.SIZE;
    /** What stands before the ciphertext. */
    private static final int AHEAD = EspLayout.HEADER + KeySizes.AEAD_IV;

    private final boolean gcm;
    private final boolean esn;
    private final Cipher cipher;
    private final SecretKeySpec key;

    /** Salt and IV. */
    private final byte[] nonce;
    /** Of extended sequence numbers: SPI, high half, low half (RFC 4106 §5). */
    private final byte[] associated = new byte[12];

    private long lastIv;
    private byte[] ciphertext = new byte[0];

    AeadCipher(EspSuite suite, EspKeys keys) throws GeneralSecurityException {
        gcm = suite.encryption() == EncryptionAlgorithm.AES_GCM_16;
        esn = suite.esn();
        cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
        int keySize = suite.keyBits() / Byte.SIZE;
        nonce = new byte[KeySizes.SALT + KeySizes.AEAD_IV];
        key = keys.encryption().use(octets -> {
            System.arraycopy(octets, keySize, nonce, 0, KeySizes.SALT);
            return new SecretKeySpec(octets, 0, keySize, gcm ? "AES" : "ChaCha20");
        });
    }

    @Override
    public void seal(byte[] plaintext, int size, byte[] packet, int at, long sequence) {
        try {
            begin(Cipher.ENCRYPT_MODE, packet, at, sequence);
            cipher.doFinal(plaintext, 0, size, packet, at + AHEAD);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    @Override
    public boolean open(byte[] packet, int at, int length, long sequence, byte[] out, int outAt) {
        int size = length - AHEAD;
        try {
            begin(Cipher.DECRYPT_MODE, packet, at, sequence);
            if (gcm) {
                cipher.doFinal(packet, at + AHEAD, size, out, outAt);
            } else {
                // The JDK's ChaCha20 copies twice what does not begin where its array does.
                ciphertext = EspCipher.roomy(ciphertext, size);
                System.arraycopy(packet, at + AHEAD, ciphertext, 0, size);
                cipher.doFinal(ciphertext, 0, size, out, outAt);
            }
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot open", e);
        }
    }

    private void begin(int mode, byte[] packet, int at, long sequence)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        long iv = (long) LONG.get(packet, at + EspLayout.HEADER);
        if (iv == lastIv) {
            // The JDK's ChaCha20 refuses the nonce that it had last, even to decrypt: a forgery must not be able to
            // keep out the packet that it copies.
            init(mode, ~iv);
        }
        init(mode, iv);
        lastIv = iv;
        if (esn) {
            INT.set(associated, 0, (int) INT.get(packet, at));
            LONG.set(associated, Integer.BYTES, sequence);
            cipher.updateAAD(associated);
        } else {
            cipher.updateAAD(packet, at, EspLayout.HEADER);
        }
    }

    private void init(int mode, long iv) throws InvalidKeyException, InvalidAlgorithmParameterException {
        LONG.set(nonce, KeySizes.SALT, iv);
        cipher.init(mode, key, gcm ? new GCMParameterSpec(TAG_BITS, nonce) : new IvParameterSpec(nonce));
    }
}
