package org.ikev2d.xfrm.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Packets made and judged the slow way, one 16-bit word at a time. */
final class Sample {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int CWR = 128;

    boolean ipv4 = true;
    boolean tcp = true;
    int flow = 1;
    int identification = 7;
    boolean dontFragment = true;
    int tos;
    int sequence = 1000;
    int flags = ACK;
    int window = 500;
    byte[] options = new byte[0];
    byte[] data = new byte[0];

    static Sample tcp(boolean ipv4) {
        Sample sample = new Sample();
        sample.ipv4 = ipv4;
        return sample;
    }

    static Sample udp(boolean ipv4) {
        Sample sample = tcp(ipv4);
        sample.tcp = false;
        return sample;
    }

    Sample data(Random random, int size) {
        data = new byte[size];
        random.nextBytes(data);
        return this;
    }

    int upper() {
        return ipv4 ? 20 : 40;
    }

    int upperHeader() {
        return tcp ? 20 + options.length : 8;
    }

    /** With every length and checksum right. */
    byte[] packet() {
        byte[] octets = headers();
        setChecksum(octets, upper());
        return octets;
    }

    private byte[] headers() {
        int upper = upper();
        int size = upper + upperHeader() + data.length;
        ByteBuffer out = ByteBuffer.allocate(size);
        if (ipv4) {
            out.put((byte) 0x45).put((byte) tos).putShort((short) size).putShort((short) identification);
            out.putShort((short) (dontFragment ? 0x4000 : 0))
                    .put((byte) 64)
                    .put((byte) (tcp ? 6 : 17))
                    .putShort((short) 0);
            out.putInt(0x0a010001).putInt(0x0a020000 + flow);
            out.putShort(10, (short) ~sum(out.array(), 0, 20, 0));
        } else {
            out.putInt(0x6000_0000 | (tos << 20))
                    .putShort((short) (size - 40))
                    .put((byte) (tcp ? 6 : 17))
                    .put((byte) 64);
            out.putLong(0xfd00_0000_0000_0001L)
                    .putLong(1)
                    .putLong(0xfd00_0000_0000_0002L)
                    .putLong(flow);
        }
        out.putShort((short) 4000).putShort((short) (5000 + flow));
        if (tcp) {
            out.putInt(sequence)
                    .putInt(77)
                    .put((byte) ((upperHeader() / 4) << 4))
                    .put((byte) flags);
            out.putShort((short) window).putInt(0).put(options);
        } else {
            out.putShort((short) (8 + data.length)).putShort((short) 0);
        }
        return out.put(data).array();
    }

    /** As a TUN device hands it over: longer than the MTU, its checksum open. */
    byte[] large(int segmentSize) {
        byte[] octets = headers();
        int size = octets.length - upper();
        int field = upper() + (tcp ? 16 : 6);
        put16(octets, field, sum(octets, octets.length, 0, pseudo(octets, size)));
        int type = tcp ? (ipv4 ? 1 : 4) : 5;
        byte[] read = new byte[10 + octets.length];
        read[0] = 1;
        read[1] = (byte) type;
        little16(read, 2, upper() + upperHeader());
        little16(read, 4, segmentSize);
        little16(read, 6, upper());
        little16(read, 8, tcp ? 16 : 6);
        System.arraycopy(octets, 0, read, 10, octets.length);
        return read;
    }

    static void little16(byte[] octets, int at, int value) {
        octets[at] = (byte) value;
        octets[at + 1] = (byte) (value >> 8);
    }

    static void put16(byte[] octets, int at, int value) {
        octets[at] = (byte) (value >> 8);
        octets[at + 1] = (byte) value;
    }

    static int u16(byte[] octets, int at) {
        return ((octets[at] & 0xff) << 8) | (octets[at + 1] & 0xff);
    }

    private static void setChecksum(byte[] octets, int upper) {
        boolean udp = protocol(octets) == 17;
        int field = upper + (udp ? 6 : 16);
        put16(octets, field, 0);
        int sum = ~sum(octets, upper, octets.length - upper, pseudo(octets, octets.length - upper)) & 0xffff;
        put16(octets, field, udp && sum == 0 ? 0xffff : sum);
    }

    static int protocol(byte[] octets) {
        return octets[0] >> 4 == 4 ? octets[9] : octets[6];
    }

    static int pseudo(byte[] octets, int size) {
        int addresses = octets[0] >> 4 == 4 ? sum(octets, 12, 8, 0) : sum(octets, 8, 32, 0);
        return addresses + protocol(octets) + size;
    }

    /** Folded, word by word. */
    static int sum(byte[] octets, int at, int length, int initial) {
        int sum = initial;
        for (int i = 0; i < length; i++) {
            sum += (octets[at + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (sum & 0xffff) + (sum >>> 16);
    }

    /** Whether lengths and checksums of a packet are right. */
    static boolean isSound(byte[] octets) {
        boolean ipv4 = octets[0] >> 4 == 4;
        int upper = ipv4 ? (octets[0] & 0xf) * 4 : 40;
        int said = ipv4 ? u16(octets, 2) : 40 + u16(octets, 4);
        boolean header = !ipv4 || sum(octets, 0, upper, 0) == 0xffff;
        int size = octets.length - upper;
        return said == octets.length && header && sum(octets, upper, size, pseudo(octets, size)) == 0xffff;
    }

    /** {@code octets} and their place, among others that must not matter. */
    static byte[] amid(byte[] octets, int before, int behind) {
        byte[] wide = new byte[before + octets.length + behind];
        Arrays.fill(wide, (byte) 0xa5);
        System.arraycopy(octets, 0, wide, before, octets.length);
        return wide;
    }
}
