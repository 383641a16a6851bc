package org.ikev2d.core.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;

/** The IKE messages of a recording: pcap or pcapng, Ethernet or bare IP, IPv4 without fragments. */
public final class Capture {
    private static final int PCAPNG_SECTION = 0x0a0d0d0a;
    private static final int PCAPNG_INTERFACE = 1;
    private static final int PCAPNG_PACKET = 6;
    private static final int LINK_ETHERNET = 1;
    private static final int LINK_IP = 101;

    private Capture() {}

    /**
     * One IKE message.
     *
     * @param number of the packet in its file, from 1
     * @param octets without the non-ESP marker
     */
    public record Message(Path file, int number, Bytes octets) {
        @Override
        public String toString() {
            return file.getFileName() + " " + number;
        }
    }

    public static List<Message> messages(Path file) {
        List<Message> messages = new ArrayList<>();
        List<Bytes> packets = packets(file);
        for (int i = 0; i < packets.size(); i++) {
            int number = i + 1;
            ikeMessage(packets.get(i)).ifPresent(octets -> messages.add(new Message(file, number, octets)));
        }
        return messages;
    }

    /** IP packets, one for each packet of the file; empty for what is not IPv4. */
    public static List<Bytes> packets(Path file) {
        ByteBuffer in;
        try {
            in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return in.getInt(0) == PCAPNG_SECTION ? pcapng(in) : pcap(in);
    }

    private static List<Bytes> pcap(ByteBuffer in) {
        List<Bytes> packets = new ArrayList<>();
        int link = in.getInt(20);
        in.position(24);
        while (in.hasRemaining()) {
            int size = in.getInt(in.position() + 8);
            in.position(in.position() + 16);
            packets.add(ip(link, take(in, size)));
        }
        return packets;
    }

    private static List<Bytes> pcapng(ByteBuffer in) {
        List<Bytes> packets = new ArrayList<>();
        List<Integer> links = new ArrayList<>();
        while (in.hasRemaining()) {
            int start = in.position();
            int type = in.getInt(start);
            if (type == PCAPNG_INTERFACE) {
                links.add(in.getShort(start + 8) & 0xffff);
            } else if (type == PCAPNG_PACKET) {
                int size = in.getInt(start + 20);
                in.position(start + 28);
                packets.add(ip(links.get(in.getInt(start + 8)), take(in, size)));
            }
            in.position(start + in.getInt(start + 4));
        }
        return packets;
    }

    private static Bytes take(ByteBuffer in, int size) {
        byte[] octets = new byte[size];
        in.get(octets);
        return Bytes.wrap(octets);
    }

    private static Bytes ip(int link, Bytes frame) {
        return switch (link) {
            case LINK_IP -> frame;
            case LINK_ETHERNET ->
                frame.at(12) == 8 && frame.at(13) == 0 ? frame.slice(14, frame.size()) : Bytes.empty();
            default -> throw new IllegalArgumentException("link type " + link);
        };
    }

    private static Optional<Bytes> ikeMessage(Bytes packet) {
        if (packet.isEmpty() || packet.at(0) >>> 4 != 4 || packet.at(9) != 17) {
            return Optional.empty();
        }
        int udp = 4 * (packet.at(0) & 0x0f);
        boolean marked = u16(packet, udp) == 4500 || u16(packet, udp + 2) == 4500;
        Bytes payload = packet.slice(udp + 8, udp + u16(packet, udp + 4));
        if (!marked) {
            return Optional.of(payload);
        }
        boolean ike = payload.size() > 4 && payload.slice(0, 4).equals(Bytes.of(new byte[4]));
        return ike ? Optional.of(payload.slice(4, payload.size())) : Optional.empty();
    }

    private static int u16(Bytes octets, int at) {
        return (octets.at(at) << 8) | octets.at(at + 1);
    }
}
