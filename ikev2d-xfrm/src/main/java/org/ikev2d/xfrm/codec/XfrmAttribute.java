package org.ikev2d.xfrm.codec;

import java.util.Optional;

/** {@code XFRMA_*} (linux/xfrm.h), those that we write or read. */
public enum XfrmAttribute {
    ALG_AUTH(1),
    ALG_CRYPT(2),
    ENCAP(4),
    TMPL(5),
    SA(6),
    POLICY(7),
    LTIME_VAL(9),
    REPLAY_VAL(10),
    SRCADDR(13),
    LASTUSED(15),
    POLICY_TYPE(16),
    ALG_AEAD(18),
    ALG_AUTH_TRUNC(20),
    MARK(21),
    REPLAY_ESN_VAL(23),
    PROTO(25),
    /** Only aligns the attribute behind it. */
    PAD(27),
    OFFLOAD_DEV(28),
    IF_ID(31),
    MTIMER_THRESH(32),
    SA_DIR(33),
    SA_PCPU(35);

    private final int code;

    XfrmAttribute(int code) {
        this.code = code;
    }

    public static Optional<XfrmAttribute> of(int code) {
        for (XfrmAttribute attribute : values()) {
            if (attribute.code == code) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    public int code() {
        return code;
    }
}
