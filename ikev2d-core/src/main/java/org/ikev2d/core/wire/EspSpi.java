package org.ikev2d.core.wire;

import java.util.HexFormat;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;

/** SPI of an ESP SA, 32 bits unsigned; 0 to 255 are reserved (RFC 4303 §2.1). */
public record EspSpi(int value) {
    /** Octets on the wire. */
    public static final int SIZE = 4;

    public EspSpi {
        if (!isUsable(value)) {
            throw new IllegalArgumentException("reserved SPI " + value);
        }
    }

    /** As proposals, deletes and notifies carry it; empty when {@code octets} are no usable SPI. */
    public static Optional<EspSpi> of(Bytes octets) {
        if (octets.size() != SIZE) {
            return Optional.empty();
        }
        int value = (octets.at(0) << 24) | (octets.at(1) << 16) | (octets.at(2) << 8) | octets.at(3);
        return isUsable(value) ? Optional.of(new EspSpi(value)) : Optional.empty();
    }

    private static boolean isUsable(int value) {
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
