package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ikev2d.core.engine.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon's side, with programs that stand in for bin/ikev2d-guard. */
@Timeout(60)
class GuardTest {
    private static final String FAITHFUL = "#!/bin/sh\necho ready\nenv > environment\ncat > input\necho over > end\n";

    @TempDir
    Path folder;

    private final List<Event> told = new CopyOnWriteArrayList<>();

    private String program(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("guard"), text.replace("> ", "> " + folder + "/"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }

    private static Optional<ProcessHandle> child(Path program) {
        return ProcessHandle.current()
                .children()
                .filter(each ->
                        List.of(each.info().arguments().orElse(new String[0])).contains(program.toString()))
                .findFirst();
    }

    @Test
    void itsInputEndsWithTheDaemonAndItIsGivenNothingElse() throws Exception {
        Guard guard = Guard.post(program(FAITHFUL), told::add);
        guard.look();
        guard.close();
        assertThat(folder.resolve("end")).exists();
        assertThat(folder.resolve("input")).isEmptyFile();
        assertThat(Files.readAllLines(folder.resolve("environment")))
                .allMatch(line -> line.matches("(PWD|OLDPWD|SHLVL|_)=.*"));
        assertThat(told).isEmpty();
    }

    @Test
    void oneThatSomebodyKilledIsReplaced() throws Exception {
        String program = program(FAITHFUL);
        try (Guard guard = Guard.post(program, told::add)) {
            ProcessHandle first = child(Path.of(program)).orElseThrow();
            first.destroyForcibly();
            first.onExit().join();
            // The guard's own view of the process comes a moment later.
            while (told.isEmpty()) {
                guard.look();
            }
            assertThat(child(Path.of(program)))
                    .hasValueSatisfying(next -> assertThat(next.pid()).isNotEqualTo(first.pid()));
        }
        assertThat(told).singleElement().matches(event -> event.text().contains("posting another"));
    }

    @Test
    void withoutItsInterpreterOneLineSaysWhatFollowsAndTheDaemonGoesOn() throws Exception {
        try (Guard guard = Guard.post(program("#!/usr/bin/no-such-perl\n"), told::add)) {
            guard.look();
        }
        assertThat(told)
                .singleElement()
                .matches(event -> event.level() == Event.Level.WARN
                        && event.text().contains("No such file")
                        && event.text().contains("needs perl"));
    }

    @Test
    void oneThatDoesNotComeToItsPostIsDoneWithout() throws Exception {
        try (Guard guard = Guard.post(program("#!/bin/sh\necho no XFRM here\n"), told::add)) {
            guard.look();
        }
        assertThat(told).singleElement().matches(event -> event.text().contains("no XFRM here"));
    }
}
