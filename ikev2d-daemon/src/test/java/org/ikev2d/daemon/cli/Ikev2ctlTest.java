package org.ikev2d.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ikev2d.daemon.config.ConfigFile;
import org.ikev2d.daemon.control.ControlLimits;
import org.ikev2d.daemon.control.ControlServer;
import org.ikev2d.daemon.control.FakeDaemon;
import org.ikev2d.daemon.control.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ikev2ctlTest {
    @TempDir
    Path folder;

    private final FakeDaemon daemon = FakeDaemon.withTunnels();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path socket;
    private ControlServer server;

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("control.sock");
        server = ControlServer.open(socket, Optional.empty(), ControlLimits.DEFAULT, daemon, new Recorder());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void statusNamesEveryTunnel() {
        assertThat(run("--socket", socket.toString(), "status")).isEqualTo(0);
        assertThat(out()).startsWith("NAME ").contains("\nb ", "\noffice ");
        assertThat(err()).isEmpty();
    }

    @Test
    void statusOfOneTunnelNamesItsCpus() {
        assertThat(run("status", "b", "--socket=" + socket)).isEqualTo(0);
        assertThat(out()).startsWith("tunnel      b\n").contains("fallback", "missing");
    }

    @Test
    void jsonIsOneObjectWithEveryMember() throws Exception {
        assertThat(run("--socket=" + socket, "status", "--json")).isEqualTo(0);
        JsonObject status = JsonParser.object().from(out());
        assertThat(status.keySet()).containsExactly("v", "daemon", "tunnels");
        assertThat(status.getArray("tunnels")).hasSize(2);
        for (Object tunnel : status.getArray("tunnels")) {
            assertThat(((JsonObject) tunnel).keySet())
                    .containsExactly(
                            "name",
                            "state",
                            "peer",
                            "local",
                            "role",
                            "ike_suite",
                            "local_proof",
                            "remote_proof",
                            "established_at",
                            "children_up",
                            "children_expected",
                            "bytes_in",
                            "bytes_out",
                            "packets_in",
                            "packets_out",
                            "total_bytes_in",
                            "total_bytes_out",
                            "total_packets_in",
                            "total_packets_out",
                            "note",
                            "warnings",
                            "last_error");
        }
        assertThat(status.getArray("tunnels").getObject(1).getObject("last_error"))
                .isEqualTo(JsonParser.object()
                        .from("{\"code\":\"no-proposal-chosen\",\"text\":"
                                + "\"the peer takes none of our proposals: \\u001b[2Jcompare\",\"at\":1800000040}"));
    }

    @Test
    void jsonOfOneTunnelHasItsChildren() throws Exception {
        assertThat(run("--socket=" + socket, "status", "b", "--json")).isEqualTo(0);
        JsonObject tunnel = JsonParser.object().from(out());
        assertThat(tunnel.getArray("cpus")).containsExactly(0, 1, 2, 3);
        assertThat(tunnel.getArray("children").getObject(1))
                .isEqualTo(JsonParser.object()
                        .from(
                                "{\"cpu\":0,\"kind\":\"per-cpu\",\"initiated_here\":true,\"suite\":\"AES_GCM_16-256/ESN\","
                                        + "\"spi_in\":\"0xc0000020\",\"spi_out\":\"0xd0000020\",\"bytes_in\":840,"
                                        + "\"bytes_out\":1680,\"packets_in\":10,\"packets_out\":20,\"total_bytes_in\":2000,"
                                        + "\"total_bytes_out\":3680,\"total_packets_in\":22,"
                                        + "\"total_packets_out\":40,\"last_use\":1800000091,"
                                        + "\"since\":1800000011,\"rekeys\":2,\"nic_rules\":[{\"device\":\"eth0\",\"queue\":4,"
                                        + "\"location\":1023}]}"));
        assertThat(tunnel.getArray("children").getObject(0).get("cpu")).isNull();
        assertThat(tunnel.getArray("children").getObject(0).get("last_use")).isNull();
        assertThat(tunnel.getArray("children").getObject(0).getArray("nic_rules"))
                .isEmpty();
    }

    @Test
    void changesAreMadeAndWhatCameOfThemIsSaid() throws Exception {
        assertThat(run("--socket=" + socket, "up", "b")).isEqualTo(0);
        assertThat(out()).isEqualTo("b is up\n");
        assertThat(run("--socket=" + socket, "down", "b")).isEqualTo(0);
        assertThat(run("--socket=" + socket, "rekey", "b")).isEqualTo(0);
        assertThat(out()).endsWith("b is being rekeyed\n");
        assertThat(run("--socket=" + socket, "rekey", "--ike", "b")).isEqualTo(0);
        assertThat(out()).endsWith("the IKE SA of b is being rekeyed\n");
        assertThat(run("--socket=" + socket, "up", "office")).isEqualTo(1);
        assertThat(err()).isEqualTo("ikev2ctl: the peer does not answer\n");
        assertThat(run("--socket=" + socket, "reload")).isEqualTo(1);
        assertThat(err()).endsWith("ikev2ctl: ikev2d.toml:3:1: unknown key \"x\"\nrestart needed for ike_port\n");
        assertThat(run("--socket=" + socket, "stop", "--keep")).isEqualTo(0);
        assertThat(daemon.stopped().get(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTunnelThatIsNotConfiguredIsAFailure() {
        assertThat(run("--socket=" + socket, "status", "b\u001b")).isEqualTo(1);
        assertThat(err()).isEqualTo("ikev2ctl: no tunnel \"b\\u001b\" is configured\n");
    }

    @Test
    void withoutADaemonItSaysWhereItLookedAndWhatToDo() {
        String absent = folder.resolve("absent.sock").toString();
        assertThat(run("--socket", absent, "status")).isEqualTo(3);
        assertThat(err())
                .isEqualTo("ikev2ctl: no daemon answers at " + absent + " (No such file or directory); start it with"
                        + " \"systemctl start ikev2d\", or name its socket with --socket\n");
    }

    @Test
    void aSocketThatNobodyListensAtIsNoDaemon() throws IOException {
        Path dead = folder.resolve("dead.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(dead))
                .close();
        assertThat(run("--socket=" + dead, "status")).isEqualTo(3);
        assertThat(err()).contains("Connection refused");
    }

    @Test
    void somethingElseAtTheSocketIsNoDaemon() throws Exception {
        Path other = folder.resolve("other.sock");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(other));
            var answered = CompletableFuture.runAsync(() -> {
                try (SocketChannel channel = listening.accept()) {
                    channel.write(ByteBuffer.wrap("220 mail\n".getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(run("--socket=" + other, "status")).isEqualTo(3);
            answered.get(10, TimeUnit.SECONDS);
        }
        assertThat(err()).isEqualTo("ikev2ctl: what answers at " + other + " does not speak ikev2d's protocol\n");
    }

    @Test
    void versionNeedsNoDaemonButAsksIt() {
        assertThat(run("--socket=" + socket, "version")).isEqualTo(0);
        assertThat(out()).matches("ikev2ctl \\d[^\n]*\nikev2d      0.1.0, up for [^$]*");
        assertThat(run("--socket=/nowhere", "version")).isEqualTo(0);
        assertThat(out()).contains("\nikev2d: no daemon answers at /nowhere");
    }

    @Test
    void checkTellsWhetherAFileIsGood() throws IOException {
        Path key = Files.writeString(folder.resolve("b.psk"), "a key\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path file = folder.resolve("ikev2d.toml");
        Files.copy(Path.of(System.getProperty("ikev2d.root"), "conf", "ikev2d.toml"), file);
        assertThat(run("check", file.toString())).isEqualTo(0);
        assertThat(out()).isEqualTo(file + ": ok, 1 tunnel\n");
        Files.writeString(file, "[tunnels]\nx = 1\n");
        assertThat(run("check", file.toString())).isEqualTo(1);
        assertThat(out())
                .isEqualTo(
                        file + ":1:1: unknown key \"tunnels\" (did you mean \"tunnel\"?); known are daemon, tunnel\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'', no command",
        "'reboot', unknown command reboot",
        "'status --xml', unknown option --xml",
        "'status a b', one word too many: b",
        "'up', up needs the name of a tunnel",
        "'down', down needs the name of a tunnel",
        "'check', check needs a configuration file",
        "'stop b', one word too many: b",
        "'reload b', one word too many: b",
        "'version b', one word too many: b",
        "'up b --json', --json is for status and doctor",
        "'down b --keep', --keep is for stop",
        "'up b --ike', --ike is for rekey",
        "'status --socket', --socket needs a path",
    })
    void aWrongCommandLineIsExplained(String words, String what) {
        assertThat(run(words.isEmpty() ? new String[0] : words.split(" ", -1))).isEqualTo(2);
        assertThat(err()).isEqualTo("ikev2ctl: " + what + "\n" + Help.USAGE + "\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void helpHasEveryCommand() {
        assertThat(run("help")).isEqualTo(0);
        for (String word : Set.of(
                "status", "up", "down", "rekey", "stop", "check", "doctor", "version", "help", "--socket", "--json")) {
            assertThat(out()).contains("  " + word + " ");
        }
        String help = out();
        assertThat(run("status", "--help")).isEqualTo(0);
        assertThat(out()).isEqualTo(help);
    }

    @Test
    void theSocketIsWhereTheDaemonPutsIt() throws IOException {
        Path file = Files.writeString(folder.resolve("empty.toml"), "");
        var loaded = (ConfigFile.Loaded.Valid) ConfigFile.load(file);
        assertThat(loaded.config().settings().controlSocket()).hasToString(Arguments.DEFAULT_SOCKET);
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Ikev2ctl(printed, new PrintStream(err, true, StandardCharsets.UTF_8)).run(words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
