package org.ikev2d.xfrm.codec;

import java.util.Optional;

/** {@code XFRM_MSG_*} (linux/xfrm.h), those that we send or listen to. */
public enum XfrmMessage {
    NEWSA(16),
    DELSA(17),
    GETSA(18),
    NEWPOLICY(19),
    DELPOLICY(20),
    GETPOLICY(21),
    ALLOCSPI(22),
    ACQUIRE(23),
    EXPIRE(24),
    UPDPOLICY(25),
    UPDSA(26),
    POLEXPIRE(27),
    FLUSHSA(28),
    FLUSHPOLICY(29),
    MAPPING(38);

    private final int code;

    XfrmMessage(int code) {
        this.code = code;
    }

    public static Optional<XfrmMessage> of(int code) {
        for (XfrmMessage message : values()) {
            if (message.code == code) {
                return Optional.of(message);
            }
        }
        return Optional.empty();
    }

    public int code() {
        return code;
    }
}
