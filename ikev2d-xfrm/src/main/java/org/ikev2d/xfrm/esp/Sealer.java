package org.ikev2d.xfrm.esp;

import java.util.Objects;

/** Makes ESP packets of inner packets for one {@link OutboundSa} (RFC 4303 §3.3). For one thread. */
public final class Sealer {
    /** Instead of a length. */
    public static final int REFUSED = -1;

    private final OutboundSa sa;
    private final EspLayout layout;
    private final EspCipher cipher;
    private final IvSeed ivSeed;
    private final int spi;
    private byte[] plaintext = new byte[0];
    private SealRefusal refusal = SealRefusal.CLOSED;

    Sealer(OutboundSa sa, EspLayout layout, EspCipher cipher, IvSeed ivSeed) {
        this.sa = sa;
        this.layout = layout;
        this.cipher = cipher;
        this.ivSeed = ivSeed;
        this.spi = sa.spi().value();
    }

    /** Octets of the ESP packet, SPI to ICV, that {@code innerLength} octets make. */
    public int sealedSize(int innerLength) {
        return layout.sealedSize(innerLength);
    }

    /**
     * Seals one packet, and counts it.
     *
     * @param nextHeader 4 for IPv4, 41 for IPv6
     * @param out another array, or another part of the same
     * @return octets written, as {@link #sealedSize} says; or {@link #REFUSED}, and {@link #refusal} says why
     * @throws IndexOutOfBoundsException when the packet or what becomes of it does not lie inside its array
     */
    public int seal(byte[] in, int inAt, int inLength, int nextHeader, byte[] out, int outAt) {
        int size = layout.sealedSize(inLength);
        Objects.checkFromIndexSize(inAt, inLength, in.length);
        Objects.checkFromIndexSize(outAt, size, out.length);
        long sequence = sa.claim();
        if (sequence == OutboundSa.REFUSED) {
            refusal = sa.refusal();
            return REFUSED;
        }
        EspCipher.INT.set(out, outAt, spi);
        EspCipher.INT.set(out, outAt + Integer.BYTES, (int) sequence);
        ivSeed.write(sequence, out, outAt + EspLayout.HEADER, layout.iv());
        int plain = layout.plainSize(inLength);
        plaintext = EspCipher.roomy(plaintext, plain);
        System.arraycopy(in, inAt, plaintext, 0, inLength);
        EspLayout.writeTrailer(plaintext, inLength, plain, nextHeader);
        cipher.seal(plaintext, plain, out, outAt, sequence);
        sa.sealed(sequence, inLength);
        return size;
    }

    /** Why the last packet was refused. */
    public SealRefusal refusal() {
        return refusal;
    }
}
