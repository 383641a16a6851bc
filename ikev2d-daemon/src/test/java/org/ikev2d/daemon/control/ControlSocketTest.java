package org.ikev2d.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The socket itself: whose it is, who may use it, and what is there already. */
class ControlSocketTest extends ServedSocket {
    @Test
    void theSocketIsForItsGroupAndGoesWithTheServer() throws IOException {
        open(ControlLimits.DEFAULT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(socket);
        }
        server.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void aSocketThatADeadDaemonLeftIsReplaced() throws IOException {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"version\"}")).hasSize(2);
        }
    }

    @Test
    void whatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(socket, "dear to somebody");
        assertThatThrownBy(() -> open(ControlLimits.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessage("what is at " + socket + " is no socket, and will not be replaced by one");
        assertThat(socket).hasContent("dear to somebody");
    }

    @Test
    void theSocketIsOfTheGroupThatIsNamed() throws IOException {
        String group = "root".equals(System.getProperty("user.name"))
                ? "nogroup"
                : Files.readAttributes(folder, PosixFileAttributes.class)
                        .group()
                        .getName();
        server = ControlServer.open(socket, Optional.of(group), ControlLimits.DEFAULT, daemon, told);
        assertThat(Files.readAttributes(socket, PosixFileAttributes.class).group())
                .hasToString(group);
    }

    @Test
    void aGroupThatIsNotThereIsSaid() throws IOException {
        assertThatThrownBy(() -> ControlServer.open(
                        socket, Optional.of("no-such-group-here"), ControlLimits.DEFAULT, daemon, told))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no group no-such-group-here to give the control socket to");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aSocketOfALivingDaemonIsLeftAlone() throws IOException {
        open(ControlLimits.DEFAULT);
        assertThatThrownBy(() -> ControlServer.open(
                        socket, Optional.empty(), ControlLimits.DEFAULT, FakeDaemon.withTunnels(), told))
                .isInstanceOf(IOException.class)
                .hasMessage("another daemon listens at " + socket);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"version\"}")).hasSize(2);
        }
    }

    @Test
    void aSuccessorsSocketIsLeftAlone() throws IOException {
        open(ControlLimits.DEFAULT);
        Files.move(socket, folder.resolve("aside"));
        try (ControlServer successor =
                ControlServer.open(socket, Optional.empty(), ControlLimits.DEFAULT, daemon, told)) {
            assertThat(successor).isNotNull();
            server.close();
            assertThat(socket).exists();
        }
    }

    @Test
    void aFolderThatIsNotThereIsSaid() {
        Path absent = folder.resolve("absent/control.sock");
        assertThatThrownBy(() -> ControlServer.open(absent, Optional.empty(), ControlLimits.DEFAULT, daemon, told))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen at " + absent);
    }

    /** The socket's mode keeps strangers out already; here it does not, so that the second lock is seen. */
    @Test
    void strangersGetOneErrorLine() throws Exception {
        openForProbes();
        assertThat(probe("--reuid=65534", "--regid=65534", "--clear-groups"))
                .isEqualTo("{\"v\":1,\"id\":null,\"end\":true,\"ok\":false,\"error\":{\"code\":\"not-permitted\","
                        + "\"text\":\"uid 65534 may not control the daemon\"}}\n");
        assertThat(told.refused).hasSize(1).first().satisfies(peer -> {
            assertThat(peer.uid()).isEqualTo(65534);
            assertThat(peer.gid()).isEqualTo(65534);
        });
    }

    @Test
    void membersOfTheSocketsGroupPassByEitherKindOfMembership() throws Exception {
        openForProbes();
        String gid = Files.getAttribute(socket, "unix:gid").toString();
        assertThat(probe("--reuid=65534", "--regid=" + gid, "--clear-groups")).isEqualTo(OK + "\n");
        assertThat(probe("--reuid=65534", "--regid=65534", "--groups=65533," + gid))
                .isEqualTo(OK + "\n");
        assertThat(told.refused).isEmpty();
        assertThat(told.changes)
                .hasSize(2)
                .allSatisfy(change -> assertThat(change.by().uid()).isEqualTo(65534));
    }

    private void openForProbes() throws IOException {
        open(ControlLimits.DEFAULT);
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can be somebody else");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    /** What a client prints that {@code setpriv} runs with {@code as}. */
    private String probe(String... as) throws Exception {
        Path classes = folder.resolve("classes");
        String name = LineClient.class.getName();
        Path copy = classes.resolve(name.replace('.', '/') + ".class");
        Files.createDirectories(copy.getParent());
        try (var in = LineClient.class.getResourceAsStream("LineClient.class")) {
            Files.write(copy, in.readAllBytes());
        }
        for (Path part = copy; !part.equals(folder); part = part.getParent()) {
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        List<String> command = new ArrayList<>(List.of("setpriv"));
        command.addAll(List.of(as));
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                classes.toString(),
                name,
                socket.toString(),
                "{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
