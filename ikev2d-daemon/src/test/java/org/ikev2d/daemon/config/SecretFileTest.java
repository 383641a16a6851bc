package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
    @TempDir
    Path folder;

    @Holds({"7296-2.15-b", "7296-2.15-c"})
    @ParameterizedTest
    @CsvSource({
        "'correct horse', 636f727265637420686f727365",
        "'correct horse\n', 636f727265637420686f727365",
        "'correct horse\r\n', 636f727265637420686f727365",
        "'two\n\n', 74776f0a",
        "' kept ', 206b65707420",
        "0x00fFa5, 00ffa5",
        "'0x00ff\n', 00ff",
        "0sAP+l, 00ffa5",
        "'0sAA==\n', 00",
        "0, 30",
        "00x1, 30307831",
        "\u00e4, c3a4",
    })
    void theKeyIsWhatTheFileSays(String content, String hex) throws Exception {
        put("key", content, "rw-------");
        assertThat(octets(folder, Optional.empty(), "key")).isEqualTo(Bytes.hex(hex));
    }

    @Holds("7296-2.15-a")
    @ParameterizedTest
    @ValueSource(ints = {64, 500})
    void aLongTextIsTakenWhole(int length) throws Exception {
        put("key", "k".repeat(length) + "\n", "rw-------");
        assertThat(octets(folder, Optional.empty(), "key")).isEqualTo(Bytes.hex("6b".repeat(length)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "0x", "0x\n", "0s"})
    void aFileWithoutAKeyIsRefused(String content) throws IOException {
        put("key", content, "rw-------");
        assertThatThrownBy(() -> new SecretFile(folder, Optional.empty()).read("key"))
                .hasMessage("\"" + folder + "/key\" holds no key");
    }

    @ParameterizedTest
    @CsvSource({
        "0x123, hexadecimal digits after 0x",
        "0xzz, hexadecimal digits after 0x",
        "0s%%, base64 after 0s",
        "0sA, base64 after 0s",
    })
    void aBrokenKeyIsRefusedAndNotShown(String content, String form) throws IOException {
        put("key", content, "rw-------");
        assertThatThrownBy(() -> new SecretFile(folder, Optional.empty()).read("key"))
                .hasMessage("\"" + folder + "/key\" does not hold " + form);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw---x---", "rw-----w-", "rw------x"})
    void whatOthersCanTouchIsRefused(String mode) throws IOException {
        put("key", "secret", mode);
        assertThatThrownBy(() -> new SecretFile(folder, Optional.empty()).read("key"))
                .hasMessage("others can read or write \"" + folder + "/key\" (mode " + mode + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------", "rwx------"})
    void whatTheOwnerAloneCanTouchIsTaken(String mode) throws Exception {
        put("key", "secret", mode);
        assertThat(octets(folder, Optional.empty(), "key").size()).isEqualTo(6);
    }

    @Test
    void systemdsCredentialsComeFirstWhateverTheirMode() throws Exception {
        Path credentials = Files.createDirectory(folder.resolve("credentials"));
        put("b.psk", "beside", "rw-------");
        put("credentials/b.psk", "credential", "r--r-----");
        put("credentials/psk_c", "of a folder", "r--r-----");
        assertThat(octets(folder, Optional.of(credentials), "b.psk")).isEqualTo(text("credential"));
        assertThat(octets(folder, Optional.of(credentials), "psk/c")).isEqualTo(text("of a folder"));
        assertThat(octets(folder, Optional.of(credentials), credentials + "/b.psk"))
                .isEqualTo(text("credential"));
    }

    @Test
    void whatSystemdDoesNotHaveLiesBesideTheConfiguration() throws Exception {
        Path credentials = Files.createDirectory(folder.resolve("credentials"));
        put("b.psk", "beside", "rw-------");
        assertThat(octets(folder, Optional.of(credentials), "b.psk")).isEqualTo(text("beside"));
        put("b.psk", "beside", "rw-r-----");
        assertThatThrownBy(() -> new SecretFile(folder, Optional.of(credentials)).read("b.psk"))
                .hasMessageStartingWith("others can read or write");
    }

    @Test
    void aFolderIsNoKey() {
        assertThatThrownBy(() -> new SecretFile(folder, Optional.empty()).read("."))
                .hasMessageEndingWith("is no regular file");
    }

    @Test
    void aLargeFileIsNoKey() throws IOException {
        put("key", "x".repeat(4097), "rw-------");
        assertThatThrownBy(() -> new SecretFile(folder, Optional.empty()).read("key"))
                .hasMessageEndingWith("is larger than 4096 octets");
    }

    @Test
    void whatWeMayNotReadIsSaidSo() {
        assertThat(FileTrouble.reason(new AccessDeniedException("/etc/key"))).isEqualTo("permission denied");
    }

    private void put(String name, String content, String mode) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static Bytes text(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Bytes octets(Path besides, Optional<Path> credentials, String name) throws BadValueException {
        try (Secret secret = new SecretFile(besides, credentials).read(name)) {
            return secret.use(Bytes::of);
        }
    }
}
