package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    @TempDir
    private Path directory;

    @Test
    void aSecondHolderIsRefusedAndToldWhoTheFirstIs() throws IOException {
        Path runtimeDir = directory.resolve("run/ikev2d");
        try (RunLock first = RunLock.take(runtimeDir)) {
            assertThat(first).isNotNull();
            assertThat(Files.getPosixFilePermissions(runtimeDir.resolve("lock")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThatThrownBy(() -> RunLock.take(runtimeDir))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining(runtimeDir.toString());
        }
    }

    @Test
    void afterTheFirstHasEndedItIsFree() throws IOException {
        RunLock.take(directory).close();
        Files.writeString(directory.resolve("lock"), "12345678901234567890\n");
        try (RunLock again = RunLock.take(directory)) {
            assertThat(again).isNotNull();
            assertThat(Files.readString(directory.resolve("lock")))
                    .isEqualTo(ProcessHandle.current().pid() + "\n");
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> RunLock.take(file.resolve("ikev2d")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.resolve("ikev2d").toString());
    }
}
