package org.ikev2d.daemon.control;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Cuts a stream of octets into lines. */
final class LineSplitter {
    private final int longest;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** @param longest octets, the newline not counted */
    LineSplitter(int longest) {
        this.longest = longest;
    }

    /**
     * Reads all of {@code octets} and hands every line that is now whole, without its newline, to {@code lines}.
     *
     * @return false when a line is too long; nothing must be fed any more
     */
    boolean feed(ByteBuf octets, Consumer<byte[]> lines) {
        while (octets.isReadable()) {
            byte octet = octets.readByte();
            if (octet == '\n') {
                lines.accept(line.toByteArray());
                line.reset();
            } else if (line.size() == longest) {
                return false;
            } else {
                line.write(octet);
            }
        }
        return true;
    }

    /** What came after the last newline; a client that ends without one has sent a line all the same. */
    byte[] rest() {
        return line.toByteArray();
    }
}
