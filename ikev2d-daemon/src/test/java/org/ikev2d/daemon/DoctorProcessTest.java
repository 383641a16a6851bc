package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ikev2d.daemon.Namespace.Outcome;
import org.ikev2d.daemon.Namespace.Running;
import org.ikev2d.daemon.cli.Ikev2ctl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ikev2ctl doctor} on the running kernel, in a network namespace of its own. */
@Tag("kernel")
@Timeout(180)
class DoctorProcessTest {
    private static final String CONFIG = """
            [daemon]
            runtime_dir = "%s"
            [tunnel.b]
            local = "192.0.2.1"
            remote = "198.51.100.2"
            local_ts = ["10.1.0.0/16"]
            remote_ts = ["10.2.0.0/16"]
            psk_file = "b.psk"
            """;

    @TempDir
    private Path directory;

    private Namespace namespace;

    @BeforeEach
    void open() throws Exception {
        namespace = Namespace.enter(directory, "192.0.2.1");
        Path key = Files.writeString(directory.resolve("b.psk"), "a secret");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        for (String name : List.of("ikev2d", "other")) {
            Files.writeString(directory.resolve(name + ".toml"), CONFIG.formatted(directory.resolve(name)));
        }
        namespace.look("sh", "-c", "echo 0 >/proc/sys/net/ipv4/ip_forward");
    }

    @AfterEach
    void close() {
        if (namespace != null) {
            namespace.close();
        }
    }

    /** By what is looked at and the point's name. */
    private Map<String, JsonObject> doctor(String file) throws Exception {
        Outcome outcome = namespace.run(Ikev2ctl.class, "doctor", file, "--json");
        assertThat(outcome.exitCode()).as(outcome.output()).isBetween(0, 2);
        Map<String, JsonObject> findings = new TreeMap<>();
        JsonParser.object()
                .from(outcome.output())
                .getArray("findings")
                .forEach(each -> findings.put(
                        ((JsonObject) each).getString("about") + "/" + ((JsonObject) each).getString("point"),
                        (JsonObject) each));
        return findings;
    }

    private static void verdict(String wanted, JsonObject finding) {
        assertThat(finding).isNotNull();
        assertThat(finding.getString("verdict")).as(finding::toString).isEqualTo(wanted);
    }

    /** Does what the doctor says, but for what would outlast the namespace. */
    private void obey(JsonObject finding) throws Exception {
        List<String> commands = new ArrayList<>();
        finding.getArray("commands").forEach(each -> commands.add(each.toString()));
        assertThat(commands).isNotEmpty();
        for (String command : commands) {
            if (!command.contains("/etc/")) {
                namespace.look("sh", "-c", command);
            }
        }
    }

    @Test
    void whatItSaysHelps() throws Exception {
        Map<String, JsonObject> before = doctor("ikev2d.toml");
        verdict("fine", before.get("machine/xfrm"));
        verdict("fine", before.get("tunnel b/local"));
        verdict("todo", before.get("tunnel b/route"));
        verdict("todo", before.get("machine/ip-forward"));
        verdict("fine", before.get("machine/udp-500"));
        obey(before.get("machine/ip-forward"));
        try (Namespace peer = Namespace.enter(directory, "198.51.100.2")) {
            namespace.connect(peer);
            Map<String, JsonObject> after = doctor("ikev2d.toml");
            verdict("fine", after.get("machine/ip-forward"));
            verdict("fine", after.get("tunnel b/route"));
            verdict("fine", after.get("tunnel b/mtu"));
            verdict("fine", after.get("tunnel b/network-10.2.0.0/16"));
            assertThat(after.get("wire/receive-queues").getString("text")).contains("a device of software");
        }
    }

    @Test
    void masqueradingIsSeenAndWhatItSaysSparesTheTunnels() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nft shows the rules");
        namespace.look(
                "nft",
                "add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; };"
                        + " add rule ip nat post masquerade");
        JsonObject found = doctor("ikev2d.toml").get("machine/masquerading");
        verdict("todo", found);
        obey(found);
        verdict("fine", doctor("ikev2d.toml").get("machine/masquerading"));
    }

    @Test
    void itKnowsTheDaemonFromOthersThatHaveItsPorts() throws Exception {
        NotifySocket serviceManager = new NotifySocket(directory.resolve("notify"));
        try {
            Running daemon = namespace.start(
                    Map.of("NOTIFY_SOCKET", directory.resolve("notify").toString()),
                    List.of(),
                    Main.class,
                    "--config",
                    "ikev2d.toml");
            serviceManager.await("READY=1");
            JsonObject ours = doctor("ikev2d.toml").get("machine/udp-500");
            verdict("fine", ours);
            assertThat(ours.getString("text"))
                    .contains("process " + daemon.process().pid());
            JsonObject theirs = doctor("other.toml").get("machine/udp-4500");
            verdict("todo", theirs);
            assertThat(theirs.getString("text"))
                    .contains("process " + daemon.process().pid());
        } finally {
            serviceManager.close();
        }
    }

    @Test
    void withoutAConfigurationItLooksAtTheMachine() throws IOException, InterruptedException {
        Outcome outcome = namespace.run(Ikev2ctl.class, "doctor", "no-such-file");
        assertThat(outcome.exitCode()).isBetween(1, 2);
        assertThat(outcome.output())
                .contains("not looked at: no-such-file: cannot be read")
                .contains("ikev2ctl check no-such-file")
                .contains("machine\n");
    }

    @Test
    void withoutRightsItSaysWhatItCouldNotSee() throws Exception {
        Outcome outcome = namespace
                .start(
                        Map.of(),
                        List.of("setpriv", "--bounding-set=-net_admin"),
                        Ikev2ctl.class,
                        "doctor",
                        "ikev2d.toml")
                .end();
        assertThat(outcome.output()).contains("unknown  kernel").contains("sudo ikev2ctl doctor");
    }
}
