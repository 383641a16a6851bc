package org.ikev2d.core.wire;

import java.util.HexFormat;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;

/** SPI of an IKE SA, 64 bits; zero stands for "not known yet" (RFC 7296 §3.1). */
public record IkeSpi(long value) {
    /** Octets on the wire. */
    public static final int SIZE = 8;

    public static final IkeSpi NONE = new IkeSpi(0);

    /** As proposals for an IKE SA carry it; empty when {@code octets} are none that an SA can have. */
    public static Optional<IkeSpi> of(Bytes octets) {
        if (octets.size() != SIZE) {
            return Optional.empty();
        }
        long value = 0;
        for (int i = 0; i < SIZE; i++) {
            value = value << Byte.SIZE | octets.at(i);
        }
        return Optional.of(new IkeSpi(value)).filter(spi -> !spi.isNone());
    }

    /** Eight octets, as proposals carry them (RFC 7296 §3.3.1). */
    public Bytes toBytes() {
        return new ByteWriter().u64(value).toBytes();
    }

    public boolean isNone() {
        return value == 0;
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
