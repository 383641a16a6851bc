package org.ikev2d.xfrm.codec;

import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_replay_state_esn}; despite its name also for windows beyond 32 packets without ESN:
 *
 * <pre>
 * unsigned int bmp_len;         0  words of 32 bits
 * __u32        oseq;            4
 * __u32        seq;             8
 * __u32        oseq_hi;        12
 * __u32        seq_hi;         16
 * __u32        replay_window;  20  packets, at most 32 * bmp_len
 * __u32        bmp[];          24
 * </pre>
 *
 * A request may leave the bitmap out, which then is empty; for an outbound state with a direction all must be 0.
 */
public record ReplayStateEsn(int bmpLen, int oseq, int seq, int oseqHi, int seqHi, int replayWindow) {
    /** Without the bitmap. */
    public static final int SIZE = 24;

    /** The kernel refuses a longer bitmap (XFRMA_REPLAY_ESN_MAX / 4 / 8 words). */
    public static final int LARGEST_WINDOW = 4096;

    private static final int BITS_PER_WORD = 32;

    /** A state that has seen nothing. */
    public static ReplayStateEsn fresh(int replayWindow) {
        int words = (replayWindow + BITS_PER_WORD - 1) / BITS_PER_WORD;
        return new ReplayStateEsn(words, 0, 0, 0, 0, replayWindow);
    }

    void write(NetlinkWriter out) {
        out.u32(bmpLen).u32(oseq).u32(seq).u32(oseqHi).u32(seqHi).u32(replayWindow);
    }
}
