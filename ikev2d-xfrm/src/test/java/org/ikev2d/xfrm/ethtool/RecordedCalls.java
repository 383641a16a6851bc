package org.ikev2d.xfrm.ethtool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.bytes.Bytes;

/** A file of src-test-vectors/ethtool: the command that made it, and the octets of each call. */
record RecordedCalls(String command, List<Bytes> calls) {
    static RecordedCalls read(String name) {
        Path file = Path.of(System.getProperty("ikev2d.root"), "src-test-vectors", "ethtool", name + ".hex");
        try {
            List<String> lines = Files.readAllLines(file);
            List<Bytes> calls = new ArrayList<>();
            StringBuilder octets = new StringBuilder();
            for (String line : lines.subList(2, lines.size())) {
                if (line.startsWith("#")) {
                    calls.add(Bytes.hex(octets.toString()));
                    octets.setLength(0);
                } else {
                    octets.append(line);
                }
            }
            calls.add(Bytes.hex(octets.toString()));
            return new RecordedCalls(lines.get(0).substring(2), calls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
