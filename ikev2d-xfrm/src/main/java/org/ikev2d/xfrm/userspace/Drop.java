package org.ikev2d.xfrm.userspace;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.ikev2d.xfrm.esp.EspDrop;

/** Why a packet went no further, on its way out or on its way in. */
enum Drop {
    /** What the device gave is no packet of IPv4 or IPv6. */
    OUT_NO_PACKET,
    OUT_NO_POLICY,
    /** There was no SA, and no room or no time to wait for one. */
    OUT_NO_SA,
    OUT_TOO_LONG,
    /** The SA's sequence numbers or a limit of it are used up. */
    OUT_WORN_OUT,
    OUT_NOT_SENT,
    /** It was cut off, or holds no ESP. */
    IN_NO_PACKET,
    IN_NO_SA,
    // What the SA found, as EspDrop has it.
    IN_TOO_SHORT,
    IN_NOT_ALIGNED,
    IN_WRONG_SPI,
    IN_REPLAY,
    IN_BAD_ICV,
    IN_BAD_PADDING,
    IN_BAD_NEXT_HEADER,
    IN_DUMMY,
    IN_WORN_OUT,
    IN_CLOSED,
    /** Congestion that the packet's sender cannot be told of (RFC 6040 §4.2). */
    IN_CONGESTION,
    /** The inner packet is cut off. */
    IN_BAD_PACKET,
    /** The inner packet is not one that its SA is for. */
    IN_NO_POLICY,
    IN_NOT_DELIVERED;

    private static final Map<EspDrop, Drop> FOUND = new EnumMap<>(EspDrop.class);

    static {
        for (EspDrop reason : EspDrop.values()) {
            FOUND.put(reason, valueOf("IN_" + reason));
        }
    }

    static Drop of(EspDrop reason) {
        return FOUND.get(reason);
    }

    /** {@code out-no-sa}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
