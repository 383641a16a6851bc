package org.ikev2d.daemon.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client of lines, and a program for another user to run: it needs nothing but the JDK. */
public final class LineClient implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader lines;

    public LineClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    /** Sends the second word to the socket of the first, and prints every line that comes back. */
    public static void main(String[] words) throws IOException {
        try (LineClient client = new LineClient(Path.of(words[0]))) {
            try {
                client.send(words[1]);
                client.endOfInput();
            } catch (IOException e) {
                System.err.println(e);
            }
            for (String line = client.line(); line != null; line = client.line()) {
                System.out.println(line);
            }
        }
    }

    void send(String line) throws IOException {
        raw((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void raw(byte[] octets) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    void endOfInput() throws IOException {
        channel.shutdownOutput();
    }

    /** Null at the end. */
    String line() throws IOException {
        try {
            return lines.readLine();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Sends {@code line} and reads to the reply's last line. */
    List<String> ask(String line) throws IOException {
        send(line);
        List<String> reply = new ArrayList<>();
        String next;
        do {
            next = line();
            reply.add(next);
        } while (next != null && !next.contains("\"end\":true"));
        return reply;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
