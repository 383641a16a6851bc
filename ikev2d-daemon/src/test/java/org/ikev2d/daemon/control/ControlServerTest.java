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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.ikev2d.daemon.control.Request.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real server on a real socket, with real clients. */
@Timeout(60)
class ControlServerTest {
    private static final String OK = "{\"v\":1,\"id\":7,\"end\":true,\"ok\":true}";

    @TempDir
    Path folder;

    private final FakeDaemon daemon = FakeDaemon.withTunnels();
    private final Recorder told = new Recorder();
    private Path socket;
    private ControlServer server;

    @BeforeEach
    void name() {
        socket = folder.resolve("control.sock");
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private void open(ControlLimits limits) throws IOException {
        server = ControlServer.open(socket, Optional.empty(), limits, daemon, told);
    }

    @Test
    void oneConnectionAsksManyThings() throws IOException {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask("{\"v\":1,\"id\":1,\"op\":\"version\"}"))
                    .containsExactly(
                            "{\"v\":1,\"id\":1,\"daemon\":{\"version\":\"0.1.0\",\"started_at\":1800000000,"
                                    + "\"dataplane\":\"kernel\",\"dataplane_why\":\"it has ESP\",\"unit\":\"cpu\",\"can\":[\"ESP\",\"SA_PCPU\"],\"cannot\":[],\"dropped\":{\"in-replay\":3}}}",
                            "{\"v\":1,\"id\":1,\"end\":true,\"ok\":true}");
            List<String> status = client.ask("{\"v\":1,\"id\":-2,\"op\":\"status\"}");
            assertThat(status).hasSize(4).allSatisfy(line -> assertThat(line).startsWith("{\"v\":1,\"id\":-2,"));
            assertThat(status.get(1)).contains("\"name\":\"b\"");
            assertThat(status.get(2)).contains("\"name\":\"office\"").doesNotContain("\u001b");
            assertThat(client.ask("{\"v\":1,\"id\":3,\"op\":\"status\",\"tunnel\":\"b\"}"))
                    .hasSize(3);
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"b\"}"))
                    .containsExactly("{\"v\":1,\"id\":7,\"end\":true,\"ok\":true,\"text\":\"b is up\"}");
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"))
                    .containsExactly(OK);
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"office\"}"))
                    .containsExactly("{\"v\":1,\"id\":7,\"end\":true,\"ok\":false,"
                            + "\"error\":{\"code\":\"failed\",\"text\":\"the peer does not answer\"}}");
        }
    }

    @Test
    void changesAreToldWithTheirAuthor() throws Exception {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            client.ask("{\"v\":1,\"id\":7,\"op\":\"status\"}");
            client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}");
            client.ask("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"nowhere\"}");
            client.ask("{\"v\":1,\"id\":7,\"op\":\"stop\",\"keep\":true}");
        }
        int uid = (Integer) Files.getAttribute(socket, "unix:uid");
        int gid = (Integer) Files.getAttribute(socket, "unix:gid");
        Peer us = new Peer((int) ProcessHandle.current().pid(), uid, gid);
        assertThat(told.changes)
                .containsExactly(new Change(Operation.DOWN, "b", false, us), new Change(Operation.STOP, "", true, us));
        assertThat(daemon.stopped().get(1, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello | null | bad-json",
                "[1] | null | bad-json",
                "7 | null | bad-json",
                "{} {} | null | bad-json",
                "{\"v\":1,\"id\":7,\"op\":\"status\" | null | bad-json",
                "{\"v\":1,\"id\":7,\"op\":[[[[[[[[[[]]]]]]]]]]} | null | bad-json",
                "'' | null | bad-json",
                "{} | null | bad-request",
                "{\"v\":1,\"op\":\"status\"} | null | bad-request",
                "{\"v\":1,\"id\":\"7\",\"op\":\"status\"} | null | bad-request",
                "{\"v\":1,\"id\":7.5,\"op\":\"status\"} | null | bad-request",
                "{\"v\":1,\"id\":99999999999999999999,\"op\":\"status\"} | null | bad-request",
                "{\"id\":7,\"op\":\"status\"} | 7 | bad-version",
                "{\"v\":2,\"id\":7,\"op\":\"status\"} | 7 | bad-version",
                "{\"v\":\"1\",\"id\":7,\"op\":\"status\"} | 7 | bad-version",
                "{\"v\":1,\"id\":7} | 7 | unknown-op",
                "{\"v\":1,\"id\":7,\"op\":\"reboot\"} | 7 | unknown-op",
                "{\"v\":1,\"id\":7,\"op\":\"STATUS\"} | 7 | unknown-op",
                "{\"v\":1,\"id\":7,\"op\":8} | 7 | unknown-op",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"tunel\":\"b\"} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"tunnel\":null} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"tunnel\":\"\"} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"tunnel\":\"nowhere\"} | 7 | unknown-tunnel",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"keep\":true} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"up\"} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":[\"b\"]} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"nowhere\"} | 7 | unknown-tunnel",
                "{\"v\":1,\"id\":7,\"op\":\"stop\",\"keep\":1} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"stop\",\"tunnel\":\"b\"} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"version\",\"tunnel\":\"b\"} | 7 | bad-request",
            })
    void aBadLineGetsOneLineAndTheConnectionGoesOn(String line, String id, String code) throws IOException {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask(line))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("{\"v\":1,\"id\":" + id + ",\"end\":true,\"ok\":false,\"error\":{\"code\":\"" + code
                            + "\",\"text\":\"");
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"))
                    .containsExactly(OK);
        }
        assertThat(told.faults).isEmpty();
    }

    @Test
    void octetsThatAreNotUtf8AreRefused() throws IOException {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            client.raw(new byte[] {'{', (byte) 0xff, '}', '\n'});
            assertThat(client.line()).contains("\"code\":\"bad-json\"");
        }
    }

    @Test
    void aLineThatIsTooLongIsRefusedAndEndsTheConnection() throws IOException {
        open(ControlLimits.DEFAULT);
        int longest = ControlLimits.DEFAULT.lineLength();
        String request = "{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}";
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask(request + " ".repeat(longest - request.length())))
                    .containsExactly(OK);
            client.raw((request + " ".repeat(longest + 1 - request.length())).getBytes(StandardCharsets.UTF_8));
            assertThat(client.line()).contains("\"code\":\"too-long\"");
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void aLineMayComeInPiecesAndManyAtOnce() throws IOException {
        open(ControlLimits.DEFAULT);
        String request = "{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}\n";
        try (LineClient client = new LineClient(socket)) {
            for (byte octet : request.getBytes(StandardCharsets.UTF_8)) {
                client.raw(new byte[] {octet});
            }
            assertThat(client.line()).isEqualTo(OK);
            client.raw(request.repeat(1000).getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 1000; i++) {
                assertThat(client.line()).isEqualTo(OK);
            }
        }
    }

    @Test
    void halfAClosedConnectionIsAnsweredToTheEnd() throws IOException {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            client.raw(
                    "{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"office\"}\n{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"
                            .getBytes(StandardCharsets.UTF_8));
            client.endOfInput();
            assertThat(client.line()).contains("\"failed\"");
            assertThat(client.line()).isEqualTo(OK);
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void aChangeThatWaitsHoldsUpItsOwnConnectionOnly() throws Exception {
        daemon.add("slow");
        open(ControlLimits.DEFAULT);
        try (LineClient waiting = new LineClient(socket);
                LineClient other = new LineClient(socket)) {
            waiting.send("{\"v\":1,\"id\":1,\"op\":\"up\",\"tunnel\":\"slow\"}");
            waiting.send("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}");
            told.awaitChanges(1);
            assertThat(other.ask("{\"v\":1,\"id\":3,\"op\":\"status\"}")).hasSize(5);
            daemon.finishSlow();
            assertThat(waiting.line()).isEqualTo("{\"v\":1,\"id\":1,\"end\":true,\"ok\":true}");
            assertThat(waiting.line()).isEqualTo(OK);
        }
    }

    @Test
    void aClientThatDoesNotWaitForItsChangeLeavesNothingBehind() throws Exception {
        daemon.add("slow");
        open(new ControlLimits(4, 1024, 1, Duration.ofSeconds(60)));
        try (LineClient waiting = new LineClient(socket)) {
            waiting.send("{\"v\":1,\"id\":1,\"op\":\"up\",\"tunnel\":\"slow\"}");
            told.awaitChanges(1);
        }
        try (LineClient next = new LineClient(socket)) {
            assertThat(next.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"))
                    .first()
                    .asString()
                    .contains("\"code\":\"busy\"");
            daemon.finishSlow();
            List<String> answer;
            do {
                answer = next.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}");
            } while (answer.get(0).contains("\"busy\""));
            assertThat(answer).containsExactly(OK);
        }
    }

    /** As when the daemon ends because of {@code stop}: the answer and the end come together. */
    @RepeatedTest(20)
    void whoeverWaitsIsAnsweredBeforeTheEnd() throws Exception {
        daemon.add("slow");
        open(ControlLimits.DEFAULT);
        try (LineClient waiting = new LineClient(socket)) {
            waiting.send("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"slow\"}");
            told.awaitChanges(1);
            Thread closing = new Thread(server::close);
            closing.start();
            daemon.finishSlow();
            assertThat(waiting.line()).isEqualTo(OK);
            assertThat(waiting.line()).isNull();
            closing.join();
        }
    }

    @Test
    void aFaultOfOursIsToldAsSuch() throws IOException {
        daemon.add("faulty");
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"faulty\"}"))
                    .containsExactly("{\"v\":1,\"id\":7,\"end\":true,\"ok\":false,"
                            + "\"error\":{\"code\":\"internal\",\"text\":\"a fault of ikev2d; its log has more\"}}");
            daemon.breakDown();
            assertThat(client.ask("{\"v\":1,\"id\":8,\"op\":\"status\"}"))
                    .first()
                    .asString()
                    .startsWith("{\"v\":1,\"id\":8,")
                    .contains("\"internal\"");
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"version\"}")).hasSize(2);
        }
        assertThat(told.faults).hasSize(2).allMatch(IllegalStateException.class::isInstance);
    }

    @Test
    void theLongestIdleConnectionMakesWay() throws IOException {
        open(new ControlLimits(3, 1024, 1, Duration.ofSeconds(60)));
        List<LineClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(new LineClient(socket));
            clients.get(i).ask("{\"v\":1,\"id\":7,\"op\":\"version\"}");
        }
        clients.get(0).ask("{\"v\":1,\"id\":7,\"op\":\"version\"}");
        try (LineClient fourth = new LineClient(socket)) {
            assertThat(fourth.ask("{\"v\":1,\"id\":7,\"op\":\"version\"}")).hasSize(2);
            assertThat(clients.get(1).line()).contains("\"code\":\"idle\"");
            assertThat(clients.get(1).line()).isNull();
            assertThat(clients.get(0).ask("{\"v\":1,\"id\":7,\"op\":\"version\"}"))
                    .hasSize(2);
        }
        for (LineClient client : clients) {
            client.close();
        }
    }

    @Test
    void whenEverybodyIsBusyANewcomerIsSentAway() throws Exception {
        daemon.add("slow");
        open(new ControlLimits(2, 1024, 2, Duration.ofSeconds(60)));
        try (LineClient one = new LineClient(socket);
                LineClient two = new LineClient(socket)) {
            one.send("{\"v\":1,\"id\":1,\"op\":\"up\",\"tunnel\":\"slow\"}");
            two.send("{\"v\":1,\"id\":2,\"op\":\"up\",\"tunnel\":\"slow\"}");
            told.awaitChanges(2);
            try (LineClient three = new LineClient(socket)) {
                assertThat(three.line()).contains("\"code\":\"too-many-connections\"");
                assertThat(three.line()).isNull();
            }
        }
        daemon.finishSlow();
    }

    @Test
    void aConnectionThatAsksNothingIsClosed() throws IOException {
        open(new ControlLimits(2, 1024, 2, Duration.ofMillis(50)));
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.line()).contains("\"code\":\"idle\"");
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void aClientThatTakesNoAnswerHoldsNobodyUp() throws IOException {
        addMany();
        open(ControlLimits.DEFAULT);
        try (LineClient deaf = new LineClient(socket);
                LineClient other = new LineClient(socket)) {
            deaf.send("{\"v\":1,\"id\":1,\"op\":\"status\"}");
            assertThat(other.ask("{\"v\":1,\"id\":7,\"op\":\"status\"}")).hasSize(2004);
        }
    }

    @Test
    void aClientThatTakesNoAnswerIsClosedInTheEnd() throws IOException {
        addMany();
        open(new ControlLimits(2, 1024, 2, Duration.ofMillis(200)));
        try (LineClient deaf = new LineClient(socket)) {
            deaf.send("{\"v\":1,\"id\":1,\"op\":\"status\"}");
            // Until it is closed, writing succeeds or blocks: nobody reads.
            assertThatThrownBy(() -> {
                        while (true) {
                            deaf.send("{\"v\":1,\"id\":1,\"op\":\"version\"}");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private void addMany() {
        for (int i = 0; i < 2000; i++) {
            daemon.add("tunnel-" + i);
        }
    }

    @Test
    void twoHundredConnectionsAtOnceAreServedInTheEnd() throws Exception {
        open(ControlLimits.DEFAULT);
        List<Thread> threads = new ArrayList<>();
        List<String> served = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 200; i++) {
            Thread thread = new Thread(() -> {
                try (LineClient client = new LineClient(socket)) {
                    served.addAll(client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"));
                } catch (IOException e) {
                    served.add(e.toString());
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(served).hasSizeGreaterThanOrEqualTo(200);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"))
                    .containsExactly(OK);
        }
        assertThat(told.faults).isEmpty();
    }

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
