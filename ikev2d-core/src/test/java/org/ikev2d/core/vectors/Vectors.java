package org.ikev2d.core.vectors;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.junit.jupiter.api.Assumptions;

/** The files of src-test-vectors, and those that may only be read where they lie beside the checkout. */
public final class Vectors {
    private static final Path ROOT = Path.of(System.getProperty("ikev2d.root"));

    private Vectors() {}

    /** @param name relative to src-test-vectors */
    public static Path path(String name) {
        return ROOT.resolve("src-test-vectors").resolve(name);
    }

    /** A file whose licence keeps it out of the repository; the test is skipped where it is absent. */
    public static Path outside(String name) {
        Path path = ROOT.resolve("../shared/vectors").resolve(name).normalize();
        Assumptions.assumeTrue(
                Files.exists(path), name + " may not be copied here (GPL) and does not lie in ../shared/vectors");
        return path;
    }

    /** The JSON files of a folder, by name. */
    public static List<Path> jsonFiles(String folder) {
        try (Stream<Path> files = Files.list(path(folder))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonObject json(String name) {
        return json(path(name));
    }

    public static JsonObject json(Path path) {
        try {
            return JsonParser.object().from(Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JsonParserException e) {
            throw new IllegalArgumentException(path.toString(), e);
        }
    }

    /** The array's objects. */
    public static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    /** A field that is pairs of hexadecimal digits, perhaps none; no octets where there is no such field. */
    public static Bytes hex(JsonObject object, String field) {
        return Bytes.hex(object.getString(field, ""));
    }
}
