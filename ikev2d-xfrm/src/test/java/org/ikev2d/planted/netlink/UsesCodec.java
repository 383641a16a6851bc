package org.ikev2d.planted.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ikev2d.planted.codec.MessageHelper;

/** Planted for the architecture test: uses what is above it, and reads files. */
public final class UsesCodec {
    private final MessageHelper above = new MessageHelper();

    public String all() throws IOException {
        return Files.readString(Path.of("x")) + above;
    }
}
