package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in the file, it is a configuration or a list of problems, each on one line. */
class MutatedConfigTest {
    private static final String TOKENS = "[]{}=\"'#.,-\n\\0é";

    @TempDir
    Path folder;

    @Test
    void aDamagedFileIsNeverMoreThanAListOfProblems() throws IOException {
        Path key = Files.writeString(folder.resolve("b.psk"), "a key\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        // Without its prose, so that most changes hit a setting.
        String sample = Files.readString(Path.of(System.getProperty("ikev2d.root"), "conf", "ikev2d.toml"))
                .replaceAll("(?m)^# .*\\R", "")
                .replaceAll("(?m)^#", "");
        Path file = folder.resolve("ikev2d.toml");
        for (int seed = 0; seed < 200; seed++) {
            byte[] octets = mutated(sample.getBytes(StandardCharsets.UTF_8), new Random(seed));
            Files.write(file, octets);
            Loaded loaded = ConfigFile.load(file, Optional.empty());
            if (loaded instanceof Loaded.Valid valid) {
                valid.config().close();
                continue;
            }
            assertThat(((Loaded.Invalid) loaded).problems())
                    .as("seed " + seed)
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain("\n", "\u0000"));
        }
    }

    private static byte[] mutated(byte[] octets, Random random) {
        byte[] changed = octets.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(changed.length);
            int length = Math.min(random.nextInt(30), changed.length - at);
            switch (random.nextInt(4)) {
                case 0 -> changed[at] = (byte) TOKENS.charAt(random.nextInt(TOKENS.length()));
                case 1 -> changed[at] = (byte) random.nextInt(256);
                case 2 -> changed = spliced(changed, at, at + length, new byte[0]);
                default -> changed = spliced(changed, at, at, Arrays.copyOfRange(octets, 0, length));
            }
        }
        return changed;
    }

    private static byte[] spliced(byte[] octets, int from, int to, byte[] inserted) {
        byte[] result = new byte[octets.length - (to - from) + inserted.length];
        System.arraycopy(octets, 0, result, 0, from);
        System.arraycopy(inserted, 0, result, from, inserted.length);
        System.arraycopy(octets, to, result, from + inserted.length, octets.length - to);
        return result;
    }
}
