package org.ikev2d.xfrm.esp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.KeySizes;

/**
 * Encryption and authentication of whole ESP packets with one SA's keys, laid out as {@link EspLayout} says. For one
 * thread. What the JDK's objects keep of the keys goes with them and is not erased.
 */
sealed interface EspCipher permits AeadCipher, CbcHmacCipher {
    VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** @throws IllegalStateException when this Java lacks an algorithm, or the keys were closed */
    static EspCipher of(EspSuite suite, EspKeys keys) {
        try {
            return KeySizes.isAead(suite.encryption()) ? new AeadCipher(suite, keys) : new CbcHmacCipher(suite, keys);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + suite, e);
        }
    }

    /** {@code present}, or a longer array in its place: for what a thread uses again and again. */
    static byte[] roomy(byte[] present, int size) {
        return present.length >= size ? present : new byte[Math.max(size, 2048)];
    }

    /**
     * Encrypts into the packet, and puts the ICV behind.
     *
     * @param plaintext another array; inner packet, padding and trailer are at its beginning, where the JDK's ciphers copy
     *     least
     * @param size octets to encrypt
     * @param at where the packet begins: header and IV seed (see {@link IvSeed}) are there
     * @param sequence all 64 bits
     */
    void seal(byte[] plaintext, int size, byte[] packet, int at, long sequence);

    /**
     * Verifies and decrypts.
     *
     * @param length of the packet, ICV included
     * @param sequence all 64 bits
     * @param out another array; gets as many octets as are encrypted
     * @return whether the ICV is right; where it is not, nothing in {@code out} is to be used
     */
    boolean open(byte[] packet, int at, int length, long sequence, byte[] out, int outAt);
}
