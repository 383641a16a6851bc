package org.ikev2d.core.wire;

import java.util.HexFormat;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;

/** SPI of an ESP SA, 32 bits unsigned; 0 to 255 are reserved (RFC 4303 §2.1). */
public record EspSpi(int value) {
    public EspSpi {
        if (Integer.compareUnsigned(value, 255) <= 0) {
            throw new IllegalArgumentException("reserved SPI " + value);
        }
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
