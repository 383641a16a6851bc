package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every problem of a file at once, word for word: {@code NAME.toml} beside {@code NAME.problems}. */
class ConfigProblemsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void putKey() throws IOException {
        Path key = Files.writeString(folder.resolve("good.psk"), "a key\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "values",
                "keys",
                "syntax",
                "headers",
                "proposals",
                "conflicts",
                "selectors",
                "transport",
                "userspace"
            })
    void allThatIsWrongIsToldAtOnce(String name) throws IOException {
        assertThat(problems(resource(name + ".toml"))).isEqualTo(resource(name + ".problems"));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path absent = folder.resolve("absent.toml");
        assertThat(((Loaded.Invalid) ConfigFile.load(absent, Optional.empty())).problems())
                .hasToString("[" + absent + ": cannot be read: there is no such file]");
    }

    @Test
    void whatIsNotSeenIsSpelledOut() throws IOException {
        String problems = problems("""
                [tunnel.b]
                local = "a\\nb\\u001b"
                local_id = "\\u202e\\"x"
                "k\\u0000" = 1
                [tunnel]
                "x\\ny" = 3
                """);
        assertThat(problems)
                .contains(
                        "2:1: local: \"a\\u000ab\\u001b\" is not an IP address", "\\u202e", "unknown key \"k\\u0000\"");
        assertThat(problems).doesNotContain("\u001b", "\u202e", "\u0000", "a\nb");
    }

    @Test
    void aFolderIsNoFile() {
        assertThat(((Loaded.Invalid) ConfigFile.load(folder, Optional.empty())).problems())
                .hasToString("[" + folder + ": cannot be read: Is a directory]");
    }

    @Test
    void octetsThatAreNotUtf8AreFound() throws IOException {
        Path file =
                Files.write(folder.resolve("latin1.toml"), "# a\nx = \"\u00e4\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(((Loaded.Invalid) ConfigFile.load(file, Optional.empty())).problems())
                .containsExactly(new Problem(file.toString(), 2, 6, "this is not UTF-8", "save the file as UTF-8"));
    }

    private String problems(String toml) throws IOException {
        Path file = Files.writeString(folder.resolve("ikev2d.toml"), toml);
        List<Problem> problems = ((Loaded.Invalid) ConfigFile.load(file, Optional.empty())).problems();
        return problems.stream()
                .map(problem -> problem + "\n")
                .collect(Collectors.joining())
                .replace(folder + "/", "/etc/ikev2d/");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ConfigProblemsTest.class.getResourceAsStream("/config/" + name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
