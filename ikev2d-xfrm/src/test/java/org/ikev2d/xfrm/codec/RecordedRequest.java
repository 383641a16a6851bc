package org.ikev2d.xfrm.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ikev2d.core.bytes.Bytes;

/** A file of src-test-vectors/netlink: the command that made it, the message's type, the octets behind its header. */
record RecordedRequest(String command, String message, Bytes octets) {
    private static final Path DIRECTORY = Path.of(System.getProperty("ikev2d.root"), "src-test-vectors", "netlink");

    static RecordedRequest read(String name) {
        try {
            List<String> lines = Files.readAllLines(DIRECTORY.resolve(name + ".hex"));
            return new RecordedRequest(
                    lines.get(0).substring(2),
                    lines.get(1).substring(2),
                    Bytes.hex(String.join("", lines.subList(2, lines.size()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> names() {
        try (var files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".hex"))
                    .map(file -> file.substring(0, file.length() - ".hex".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
