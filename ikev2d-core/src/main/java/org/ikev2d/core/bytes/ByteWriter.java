package org.ikev2d.core.bytes;

import java.util.Arrays;

/** Writes big-endian fields in order; grows as needed. */
public final class ByteWriter {
    private byte[] octets = new byte[128];
    private int size;

    public int size() {
        return size;
    }

    public ByteWriter u8(int value) {
        require(1);
        octets[size++] = (byte) value;
        return this;
    }

    public ByteWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public ByteWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    public ByteWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    public ByteWriter bytes(Bytes value) {
        require(value.size());
        value.copyTo(octets, size);
        size += value.size();
        return this;
    }

    public ByteWriter zeros(int count) {
        require(count);
        size += count;
        return this;
    }

    /** Overwrites two octets written before, at {@code offset}. */
    public ByteWriter patchU16(int offset, int value) {
        octets[offset] = (byte) (value >>> 8);
        octets[offset + 1] = (byte) value;
        return this;
    }

    /** Overwrites four octets written before, at {@code offset}. */
    public ByteWriter patchU32(int offset, int value) {
        patchU16(offset, value >>> 16);
        return patchU16(offset + 2, value);
    }

    /** Overwrites one octet written before, at {@code offset}. */
    public ByteWriter patchU8(int offset, int value) {
        octets[offset] = (byte) value;
        return this;
    }

    public Bytes toBytes() {
        return Bytes.wrap(Arrays.copyOf(octets, size));
    }

    private void require(int more) {
        if (octets.length - size < more) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, size + more));
        }
    }
}
