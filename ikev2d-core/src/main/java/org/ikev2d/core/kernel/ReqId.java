package org.ikev2d.core.kernel;

/**
 * Ties the policies of a tunnel to its states (linux/xfrm.h). Ours lie in a range of their own, so that what others
 * installed is never mistaken for ours. Each tunnel has a pair: the even one for its Child SAs, the odd one, which never
 * has an SA, for policies that hold traffic back.
 */
public record ReqId(int value) {
    /** "ike2" in a way: 0x1ce20000 to 0x1ce2ffff. */
    public static final int FIRST = 0x1ce2_0000;

    public static final int LAST = 0x1ce2_ffff;

    public ReqId {
        if (!isOurs(value)) {
            throw new IllegalArgumentException("reqid " + value + " is not in our range");
        }
    }

    public static boolean isOurs(int value) {
        return value >= FIRST && value <= LAST;
    }

    /** The reqid pair number {@code index} of a tunnel, 0 to 32767: the even one. */
    public static ReqId ofTunnel(int index) {
        return new ReqId(FIRST + 2 * index);
    }

    /** The even one of the pair. */
    public ReqId tunnel() {
        return new ReqId(value & ~1);
    }

    /** The odd one of the pair. */
    public ReqId holding() {
        return new ReqId(value | 1);
    }
}
