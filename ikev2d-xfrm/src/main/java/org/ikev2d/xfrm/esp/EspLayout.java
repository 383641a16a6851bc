package org.ikev2d.xfrm.esp;

import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.KeySizes;

/**
 * What a suite adds to a packet, in octets (RFC 4303 §2):
 *
 * <pre>
 * SPI 4 | sequence number 4 | IV | payload, padding, pad length 1, next header 1 | ICV
 * </pre>
 *
 * @param alignment of what is encrypted
 */
record EspLayout(int iv, int alignment, int icv) {
    /** SPI and the low half of the sequence number. */
    static final int HEADER = 8;
    /** Pad length and next header. */
    static final int TRAILER = 2;

    private static final int WORD = 4;

    static EspLayout of(EspSuite suite) {
        return KeySizes.isAead(suite.encryption())
                ? new EspLayout(KeySizes.AEAD_IV, WORD, KeySizes.AEAD_TAG)
                : new EspLayout(KeySizes.CBC_BLOCK, KeySizes.CBC_BLOCK, KeySizes.checksum(suite.integrity()));
    }

    /** Where what is encrypted begins. */
    int payloadAt() {
        return HEADER + iv;
    }

    /** What is there beside what is encrypted. */
    int overhead() {
        return payloadAt() + icv;
    }

    /** What is encrypted: the payload, as little padding as can be, and the trailer. */
    int plainSize(int payload) {
        return (payload + TRAILER + alignment - 1) & -alignment;
    }

    int sealedSize(int payload) {
        return overhead() + plainSize(payload);
    }

    int smallest() {
        return sealedSize(0);
    }

    /**
     * Puts padding of 1, 2, 3, ..., pad length and next header behind the payload (RFC 4303 §2.4).
     *
     * @param payload octets that are there
     * @param plain octets that there are to be
     */
    static void writeTrailer(byte[] plaintext, int payload, int plain, int nextHeader) {
        int padding = plain - payload - TRAILER;
        for (int i = 0; i < padding; i++) {
            plaintext[payload + i] = (byte) (i + 1);
        }
        plaintext[plain - 2] = (byte) padding;
        plaintext[plain - 1] = (byte) nextHeader;
    }
}
