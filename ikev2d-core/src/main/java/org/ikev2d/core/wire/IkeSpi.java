package org.ikev2d.core.wire;

import java.util.HexFormat;

/** SPI of an IKE SA, 64 bits; zero stands for "not known yet" (RFC 7296 §3.1). */
public record IkeSpi(long value) {
    /** Octets on the wire. */
    public static final int SIZE = 8;

    public static final IkeSpi NONE = new IkeSpi(0);

    public boolean isNone() {
        return value == 0;
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
