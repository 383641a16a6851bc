package org.ikev2d.core.wire;

import java.util.HexFormat;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;

/** SPI of an ESP SA, 32 bits unsigned; 0 to 255 are reserved (RFC 4303 §2.1). */
public record EspSpi(int value) {
    public EspSpi {
        if (!isUsable(value)) {
            throw new IllegalArgumentException("reserved SPI " + value);
        }
    }

    public static boolean isUsable(int value) {
        return Integer.compareUnsigned(value, 255) > 0;
    }

    /** Four octets, as proposals and deletes carry them. */
    public Bytes toBytes() {
        return new ByteWriter().u32(value).toBytes();
    }

    @Override
    public String toString() {
        return "0x" + HexFormat.of().toHexDigits(value);
    }
}
