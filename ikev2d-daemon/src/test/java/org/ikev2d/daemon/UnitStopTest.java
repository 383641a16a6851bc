package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/ikev2d-unit-stop} beside an ikev2ctl that repeats what it is told, with a systemctl that says what is given. */
class UnitStopTest {
    @TempDir
    Path folder;

    @BeforeEach
    void putPrograms() throws IOException {
        Path bin = Path.of(System.getProperty("ikev2d.root"), "ikev2d-daemon", "src", "main", "bin");
        program("ikev2d-unit-stop", Files.readString(bin.resolve("ikev2d-unit-stop")));
        program("ikev2ctl", "#!/bin/sh\necho \"ikev2ctl $*\"\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123 ikev2d.service restart running",
                "7 other.service stop waiting\n 8 ikev2d.service restart running",
            })
    void aRestartKeepsWhatIsInTheKernel(String jobs) throws Exception {
        program("systemctl", "#!/bin/sh\necho '" + jobs + "'\n");
        assertThat(run("4711")).isEqualTo("ikev2ctl stop --keep\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123 ikev2d.service stop running",
                "123 other.service restart running",
                "No jobs running.",
                "",
            })
    void anythingElseIsAStopWhichTheSignalMakes(String jobs) throws Exception {
        program("systemctl", "#!/bin/sh\necho '" + jobs + "'\n");
        assertThat(run("4711")).isEmpty();
    }

    @Test
    void anotherSocketIsPassedOn() throws Exception {
        program("systemctl", "#!/bin/sh\necho '1 ikev2d.service restart running'\n");
        assertThat(run("4711", "--socket", "/run/other.sock"))
                .isEqualTo("ikev2ctl --socket /run/other.sock stop --keep\n");
    }

    @Test
    void whereNobodyCanSayItIsAStop() throws Exception {
        program("systemctl", "#!/bin/sh\necho 'Failed to connect to bus' >&2\nexit 1\n");
        assertThat(run("4711")).isEmpty();
    }

    @Test
    void aDaemonThatHasEndedIsNotAsked() throws Exception {
        program("systemctl", "#!/bin/sh\necho '123 ikev2d.service restart running'\n");
        assertThat(run("")).isEmpty();
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run(String mainPid, String... more) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(folder.resolve("ikev2d-unit-stop").toString(), "ikev2d.service");
        builder.command().addAll(List.of(more));
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().put("MAINPID", mainPid);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }
}
