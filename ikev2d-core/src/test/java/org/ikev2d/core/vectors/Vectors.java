package org.ikev2d.core.vectors;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The files under {@code src-test-vectors}, and those that may only be used from beside the checkout. */
public final class Vectors {
    private static final Path ROOT = Path.of(System.getProperty("ikev2d.root", ".."));

    private Vectors() {}

    /** @param path below {@code src-test-vectors} */
    public static Path own(String path) {
        return ROOT.resolve("src-test-vectors").resolve(path);
    }

    /**
     * Material under a licence that keeps it out of this repository. The test is skipped where it is absent.
     *
     * @param path below {@code ../shared/vectors}
     */
    public static Path borrowed(String path) {
        Path file = ROOT.resolve("../shared/vectors").resolve(path).normalize();
        Assumptions.assumeTrue(Files.exists(file), "absent, and may not be copied here for its licence: " + path);
        return file;
    }

    /** In order of their names. */
    public static List<Path> files(Path folder, String suffix) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonObject json(Path file) {
        try {
            return JsonParser.object().from(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JsonParserException e) {
            throw new IllegalArgumentException(file.toString(), e);
        }
    }
}
