package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.daemon.Namespace.Outcome;
import org.ikev2d.daemon.Namespace.Running;
import org.ikev2d.daemon.cli.Ikev2ctl;
import org.ikev2d.xfrm.userspace.Userspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files that change below two daemons, which are told so over their control sockets or by a signal. */
@Tag("kernel")
@Timeout(240)
class ReloadTest {
    private static final String DAEMON = """
            [daemon]
            runtime_dir = "%s"
            dataplane = "userspace"
            """;
    private static final String TUNNEL = """
            [tunnel.%s]
            local = "%s"
            remote = "%s"
            local_ts = ["10.%d.0.0/16"]
            remote_ts = ["10.%d.0.0/16"]
            psk_file = "%s.psk"
            local_id = "keyid:%s"
            remote_id = "keyid:%s"
            start = "%s"
            """;

    @TempDir
    private Path directory;

    private Namespace near;
    private Namespace far;
    private NotifySocket serviceManager;

    @BeforeEach
    void open() throws Exception {
        Optional<String> obstacle = Userspace.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> "no TUN device can be had: " + obstacle.orElseThrow());
        near = Namespace.enter(directory, "192.0.2.1");
        far = Namespace.enter(directory, "198.51.100.2");
        near.connect(far);
        serviceManager = new NotifySocket(directory.resolve("notify"));
        for (int net = 1; net <= 3; net += 2) {
            near.look(("ip address add 10." + net + ".0.1/32 dev lo").split(" "));
            far.look(("ip address add 10." + (net + 1) + ".0.1/32 dev lo").split(" "));
        }
        key("one", "a secret");
        key("two", "another one");
        configure("near", near("one", 1));
        configure("far", far("one", 1));
    }

    @AfterEach
    void close() {
        if (serviceManager != null) {
            serviceManager.close();
            near.close();
            far.close();
        }
    }

    private void key(String name, String text) throws IOException {
        Path key = Files.writeString(directory.resolve(name + ".psk"), text);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private static String near(String name, int net) {
        return TUNNEL.formatted(name, "192.0.2.1", "198.51.100.2", net, net + 1, name, name, name, "always-up");
    }

    private static String far(String name, int net) {
        return TUNNEL.formatted(name, "198.51.100.2", "192.0.2.1", net + 1, net, name, name, name, "responder");
    }

    private void configure(String name, String... tunnels) throws IOException {
        Files.writeString(
                directory.resolve(name + ".toml"),
                DAEMON.formatted(directory.resolve(name)) + String.join("", tunnels));
    }

    private Running start(Namespace where, String name) throws Exception {
        Running daemon = where.start(
                Map.of("NOTIFY_SOCKET", directory.resolve("notify").toString()),
                List.of(),
                Main.class,
                "--config",
                name + ".toml");
        serviceManager.await("READY=1");
        return daemon;
    }

    private Outcome control(Namespace where, String name, String... words) throws Exception {
        String[] all = new String[words.length + 2];
        all[0] = "--socket";
        all[1] = directory.resolve(name + "/control.sock").toString();
        System.arraycopy(words, 0, all, 2, words.length);
        return where.run(Ikev2ctl.class, all);
    }

    private String done(Namespace where, String name, String... words) throws Exception {
        Outcome outcome = control(where, name, words);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }

    private List<String> inboundSpis(String tunnel) throws Exception {
        JsonArray children = JsonParser.object()
                .from(done(near, "near", "status", tunnel, "--json"))
                .getArray("children");
        return children.stream()
                .map(child -> ((JsonObject) child).getString("spi_in"))
                .sorted()
                .toList();
    }

    private static void expectPings(Namespace from, int net) throws Exception {
        assertThat(from.look(("ping -q -c 5 -i 0.02 -W 2 -I 10." + net + ".0.1 10." + (net + 1) + ".0.1").split(" ")))
                .contains("5 received");
    }

    @Test
    void keysAreReplacedBelowATunnelThatIsUpAndOthersComeAndGo() throws Exception {
        Running one = start(near, "near");
        var unused = start(far, "far");
        done(near, "near", "up", "one");
        GuardProgramTest.await(() -> spisAreWhole());
        List<String> before = inboundSpis("one");
        Running pings = near.start("ping -q -c 500 -i 0.02 -W 2 -I 10.1.0.1 10.2.0.1".split(" "));

        key("one", "a fresh secret");
        configure("near", near("one", 1), near("two", 3));
        configure("far", far("one", 1), far("two", 3));
        assertThat(done(far, "far", "reload")).isEqualTo("1 added (two), 0 changed, 0 removed\n");
        assertThat(done(near, "near", "reload")).isEqualTo("1 added (two), 0 changed, 0 removed\n");
        done(near, "near", "up", "two");
        assertThat(inboundSpis("one")).isEqualTo(before);
        expectPings(near, 3);

        configure("near", near("one", 1));
        assertThat(done(near, "near", "reload")).isEqualTo("0 added, 0 changed, 1 removed (two)\n");
        assertThat(done(near, "near", "status")).doesNotContain("two");
        assertThat(control(near, "near", "up", "two").output()).contains("no tunnel \"two\" is configured");
        assertThat(inboundSpis("one")).isEqualTo(before);
        assertThat(pings.end().output()).contains("500 received");

        done(near, "near", "down", "one");
        assertThat(done(near, "near", "up", "one")).contains("is up");
        expectPings(near, 1);
        one.signal("TERM");
        assertThat(one.end().exitCode()).isEqualTo(Main.STOPPED);
        assertThat(one.told()).contains("code=reloaded").doesNotContain("ERROR");
    }

    private boolean spisAreWhole() {
        try {
            JsonObject tunnel = JsonParser.object().from(done(near, "near", "status", "one", "--json"));
            return tunnel.getInt("children_up") >= tunnel.getInt("children_expected");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whateverIsInTheWayIsSaidAndNothingChanged() throws Exception {
        Running daemon = start(near, "near");
        String before = done(near, "near", "status");
        configure(
                "near",
                near("one", 1).replace("psk_file", "psk_fill"),
                near("two", 3).replace("10.3", "10.x"));
        Outcome outcome = control(near, "near", "reload");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains(
                        "near.toml:9:1: unknown key \"psk_fill\"",
                        "near.toml:16:",
                        "\"10.x.0.0\" is not an IP address");

        configure("near", "ike_port = 501\nlog_level = \"debug\"\n", near("two", 3));
        assertThat(control(near, "near", "reload")).isEqualTo(new Outcome(1, """
                        ikev2ctl: restart needed for log_level: it is taken at the start only
                        restart needed for ike_port: it is taken at the start only
                        """));

        near.look("ip", "address", "add", "192.0.2.9/32", "dev", "lo");
        configure("near", near("one", 1).replace("192.0.2.1", "192.0.2.9"));
        assertThat(control(near, "near", "reload").output()).contains("restart needed for local of tunnel one");

        assertThat(namesAndStates(done(near, "near", "status"))).isEqualTo(namesAndStates(before));
        assertThat(daemon.told()).contains("code=reload-refused nothing was changed: ");
    }

    private static List<String> namesAndStates(String status) {
        return status.lines().map(line -> line.replaceAll(" +[0-9?-].*", "")).toList();
    }

    @Test
    void theServiceManagerKnowsAndAHangUpIsAReload() throws Exception {
        Running daemon = start(near, "near");
        configure("near", near("two", 3));
        daemon.signal("HUP");
        serviceManager.awaitPrefix("RELOADING=1\nMONOTONIC_USEC=");
        serviceManager.await("READY=1");
        assertThat(daemon.told()).contains("code=reloaded 1 added (two), 0 changed, 1 removed (one)");
        assertThat(done(near, "near", "status")).contains("two").doesNotContain("one ");
        daemon.signal("TERM");
        assertThat(daemon.end().exitCode()).isEqualTo(Main.STOPPED);
    }
}
