package org.ikev2d.xfrm.esp;

import java.util.Objects;

/** Gets inner packets out of ESP packets of one {@link InboundSa} (RFC 4303 §3.4). For one thread. */
public final class Opener {
    /** Instead of a length. */
    public static final int DROPPED = -1;

    private static final int IPV4 = 4;
    private static final int IPV6 = 41;
    private static final int NO_NEXT_HEADER = 59;

    private final InboundSa sa;
    private final EspLayout layout;
    private final EspCipher cipher;
    private final ReplayWindow window;
    private final int spi;
    private int nextHeader;
    private EspDrop drop = EspDrop.CLOSED;

    Opener(InboundSa sa, EspLayout layout, EspCipher cipher, ReplayWindow window) {
        this.sa = sa;
        this.layout = layout;
        this.cipher = cipher;
        this.window = window;
        this.spi = sa.spi().value();
    }

    /**
     * Opens one packet, and counts it or why it is dropped. Whatever the octets are, no exception is their answer.
     *
     * @param inLength octets of the ESP packet, SPI to ICV
     * @param out another array, with room for {@code inLength} octets; more than the inner packet is written there
     * @return octets of the inner packet with what traffic flow padding may stand behind it (RFC 4303 §2.7); or
     *     {@link #DROPPED}, and {@link #drop} says why
     * @throws IndexOutOfBoundsException when either does not lie inside its array
     */
    public int open(byte[] in, int inAt, int inLength, byte[] out, int outAt) {
        Objects.checkFromIndexSize(inAt, inLength, in.length);
        Objects.checkFromIndexSize(outAt, inLength, out.length);
        if (sa.isClosed()) {
            return dropped(EspDrop.CLOSED);
        }
        if (sa.isWornOut()) {
            return dropped(EspDrop.WORN_OUT);
        }
        if (inLength < layout.smallest()) {
            return dropped(EspDrop.TOO_SHORT);
        }
        int plain = inLength - layout.overhead();
        if (plain % layout.alignment() != 0) {
            return dropped(EspDrop.NOT_ALIGNED);
        }
        if ((int) EspCipher.INT.get(in, inAt) != spi) {
            return dropped(EspDrop.WRONG_SPI);
        }
        long sequence = window.whole((int) EspCipher.INT.get(in, inAt + Integer.BYTES));
        if (!window.isNew(sequence)) {
            return dropped(EspDrop.REPLAY);
        }
        if (!cipher.open(in, inAt, inLength, sequence, out, outAt)) {
            return dropped(EspDrop.BAD_ICV);
        }
        if (!window.accept(sequence)) {
            return dropped(EspDrop.REPLAY);
        }
        return deliver(out, outAt, plain);
    }

    private int deliver(byte[] out, int outAt, int plain) {
        int trailer = outAt + plain - EspLayout.TRAILER;
        int padding = out[trailer] & 0xff;
        int length = plain - EspLayout.TRAILER - padding;
        if (length < 0 || !isPadding(out, trailer - padding, padding)) {
            return dropped(EspDrop.BAD_PADDING);
        }
        int next = out[trailer + 1] & 0xff;
        if (next == NO_NEXT_HEADER) {
            return dropped(EspDrop.DUMMY);
        }
        int version = length == 0 ? 0 : out[outAt] >> 4 & 0xf;
        if (!(next == IPV4 && version == 4) && !(next == IPV6 && version == 6)) {
            return dropped(EspDrop.BAD_NEXT_HEADER);
        }
        nextHeader = next;
        sa.delivered(length);
        return length;
    }

    private static boolean isPadding(byte[] out, int at, int size) {
        for (int i = 0; i < size; i++) {
            if (out[at + i] != (byte) (i + 1)) {
                return false;
            }
        }
        return true;
    }

    private int dropped(EspDrop reason) {
        drop = reason;
        sa.dropped(reason);
        return DROPPED;
    }

    /** Of the last packet that was delivered: 4 for IPv4, 41 for IPv6. */
    public int nextHeader() {
        return nextHeader;
    }

    /** Why the last packet was dropped. */
    public EspDrop drop() {
        return drop;
    }
}
