package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.daemon.Namespace.Outcome;
import org.ikev2d.daemon.Namespace.Running;
import org.ikev2d.daemon.cli.Ikev2ctl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process on the running kernel, from its arguments to its exit status. Its peer is silent. */
@Tag("kernel")
@Timeout(180)
class DaemonProcessTest {
    private static final String CONFIG = """
            [daemon]
            runtime_dir = "%s"
            dataplane = "kernel"
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
    private NotifySocket serviceManager;

    @BeforeEach
    void open() throws Exception {
        namespace = Namespace.enter(directory, "192.0.2.1");
        serviceManager = new NotifySocket(directory.resolve("notify"));
        Path key = Files.writeString(directory.resolve("b.psk"), "a secret");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        configure("ikev2d.toml", "run", "");
        configure("other.toml", "other", "");
    }

    @AfterEach
    void close() {
        if (serviceManager != null) {
            serviceManager.close();
            namespace.close();
        }
    }

    private void configure(String file, String runtimeDir, String more) throws IOException {
        Files.writeString(directory.resolve(file), CONFIG.formatted(directory.resolve(runtimeDir)) + more);
    }

    private Running start() throws Exception {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", directory.resolve("notify").toString(), "WATCHDOG_USEC", "200000");
        Running daemon = namespace.start(environment, List.of(), Main.class, "--config", "ikev2d.toml");
        serviceManager.await("READY=1");
        return daemon;
    }

    private Outcome control(String... words) throws Exception {
        String[] all = new String[words.length + 2];
        all[0] = "--socket";
        all[1] = directory.resolve("run/control.sock").toString();
        System.arraycopy(words, 0, all, 2, words.length);
        return namespace.run(Ikev2ctl.class, all);
    }

    @Test
    void itServesUntilSigtermAndLeavesNothingBehind() throws Exception {
        Running daemon = start();
        serviceManager.await("WATCHDOG=1");
        serviceManager.await("WATCHDOG=1");
        assertThat(namespace.look("ss", "-lun")).contains("192.0.2.1:500 ").contains("192.0.2.1:4500 ");
        assertThat(namespace.look("ip", "xfrm", "policy")).contains("socket in").contains("socket out");
        assertThat(control("status", "b").output()).contains("connecting").contains("198.51.100.2:500");

        daemon.signal("TERM");
        serviceManager.await("STOPPING=1");
        Outcome outcome = daemon.end();
        assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(Main.STOPPED);
        assertThat(outcome.output())
                .contains("code=ready")
                .contains("code=counted send-errors=")
                .doesNotContain("ERROR");
        assertThat(namespace.look("ip", "xfrm", "policy")).isEmpty();
        assertThat(directory.resolve("run/control.sock")).doesNotExist();
        assertThat(directory.resolve("run/reqids.json")).exists();
    }

    @Test
    void aStopThatKeepsIsAnsweredAndLeavesThePolicies() throws Exception {
        Running daemon = start();
        String policies = namespace.look("ip", "xfrm", "policy");
        assertThat(control("stop", "--keep").exitCode()).isZero();
        assertThat(daemon.end().exitCode()).isEqualTo(Main.STOPPED);
        String left = namespace.look("ip", "xfrm", "policy");
        assertThat(left).contains("dst 10.2.0.0/16").doesNotContain("socket");
        assertThat(policies).contains(left);
    }

    @Test
    void afterACrashTheGuardTakesOurFlagOffAndTheNextDaemonTakesOver() throws Exception {
        Running daemon = start();
        ProcessHandle guard = daemon.process().children().findFirst().orElseThrow();
        leaveFlagBehind(ReqId.FIRST);
        leaveFlagBehind(7);
        daemon.signal("KILL");
        guard.onExit().get(60, TimeUnit.SECONDS);
        assertThat(daemon.end().output())
                .contains("ikev2d-guard: the daemon has gone: took the flag that makes CPUs wait off 1 policy");
        assertThat(namespace.look("ip", "xfrm", "policy")).containsOnlyOnce("flag 4");

        Running next = start();
        next.signal("TERM");
        assertThat(next.end().exitCode()).isEqualTo(Main.STOPPED);
        assertThat(namespace.look("ip", "xfrm", "policy"))
                .contains("reqid 7")
                .contains("flag 4")
                .doesNotContain("reqid " + ReqId.FIRST);
    }

    /** As systemd's watchdog and its stop do it: the signal is for all processes. */
    @Test
    void theGuardOutlivesWhatEndsTheDaemon() throws Exception {
        Running daemon = start();
        ProcessHandle guard = daemon.process().children().findFirst().orElseThrow();
        leaveFlagBehind(ReqId.FIRST);
        namespace.look("kill", "-s", "ABRT", guard.pid() + "", daemon.process().pid() + "");
        guard.onExit().get(60, TimeUnit.SECONDS);
        assertThat(daemon.end().exitCode()).isNotEqualTo(Main.STOPPED);
        assertThat(namespace.look("ip", "xfrm", "policy")).contains("dir out").doesNotContain("flag 4");
    }

    @Test
    void theGuardEndsWithTheDaemon() throws Exception {
        Running daemon = start();
        ProcessHandle guard = daemon.process().children().findFirst().orElseThrow();
        daemon.signal("TERM");
        assertThat(daemon.end().output()).doesNotContain("ikev2d-guard");
        assertThat(guard.isAlive()).isFalse();
    }

    /** An out policy as a daemon that is gone may have left it. */
    private void leaveFlagBehind(int reqid) throws Exception {
        String selector = reqid == ReqId.FIRST ? "src 10.1.0.0/16 dst 10.2.0.0/16" : "src 10.9.0.0/16 dst 10.2.0.0/16";
        namespace.look(("ip xfrm policy update " + selector + " dir out priority 364000 flag 0x4"
                        + " tmpl src 192.0.2.1 dst 198.51.100.2 proto esp reqid " + reqid + " mode tunnel")
                .split(" "));
    }

    /** A rule that an earlier run wrote down goes, in a device that is gone, only from the record. */
    @Test
    void theRecordOfReceiveRulesFollowsTheKernelsStates() throws Exception {
        Path record = directory.resolve("run/nic-rules");
        Files.createDirectories(record.getParent());
        Files.writeString(record, "eth9 1 4 esp 192.0.2.1 0xc0000002\n");
        Running daemon = start();
        GuardProgramTest.await(() -> !Files.exists(record));
        daemon.signal("TERM");
        assertThat(daemon.end().output()).doesNotContain("code=nic-steering");
    }

    @Test
    void withSteeringOffNobodyTouchesTheRecord() throws Exception {
        configure("ikev2d.toml", "run", "");
        Path config = directory.resolve("ikev2d.toml");
        Files.writeString(config, Files.readString(config).replace("[daemon]", "[daemon]\nsteering = \"off\""));
        Path record = directory.resolve("run/nic-rules");
        Files.createDirectories(record.getParent());
        Files.writeString(record, "eth9 1 4 esp 192.0.2.1 0xc0000002\n");
        Running daemon = start();
        daemon.signal("TERM");
        assertThat(daemon.end().exitCode()).isEqualTo(Main.STOPPED);
        assertThat(record).exists();
    }

    @Test
    void aSecondOneOnTheSameRuntimeDirectoryIsRefused() throws Exception {
        Running first = start();
        Outcome second = namespace.run(Main.class, "--config", "ikev2d.toml");
        assertThat(second.exitCode()).isEqualTo(Main.FAILED);
        assertThat(second.output())
                .contains("code=start-refused")
                .contains("another ikev2d (process " + first.process().pid() + ")");
        assertThat(control("status").exitCode()).isZero();
    }

    @Test
    void takenPortsAreNamedAndTheRunningDaemonKeepsItsPolicies() throws Exception {
        var unused = start();
        String policies = namespace.look("ip", "xfrm", "policy");
        Outcome second = namespace.run(Main.class, "--config", "other.toml");
        assertThat(second.exitCode()).isEqualTo(Main.FAILED);
        assertThat(second.output()).contains("cannot bind UDP 192.0.2.1:500").contains("ss -lunp");
        assertThat(namespace.look("ip", "xfrm", "policy")).isEqualTo(policies);
    }

    @Test
    void withoutTheRightToTheKernelItSaysWhatIsMissing() throws Exception {
        Outcome powerless = namespace
                .start(Map.of(), List.of("setpriv", "--bounding-set=-net_admin"), Main.class, "--config", "ikev2d.toml")
                .end();
        assertThat(powerless.exitCode()).as(powerless.output()).isEqualTo(Main.FAILED);
        assertThat(powerless.output()).contains("code=start-refused").contains("CAP_NET_ADMIN");
    }

    /** Each end's policies then demand ESP for IKE's own packets, which only a socket's own policy spares them. */
    @Test
    void ikePassesThePoliciesOfATunnelThatCoversTheGatewaysThemselves() throws Exception {
        try (Namespace peer = Namespace.enter(directory, "198.51.100.2")) {
            namespace.connect(peer);
            String ours = CONFIG.replace("10.1.0.0/16", "192.0.2.0/24").replace("10.2.0.0/16", "198.51.100.0/24");
            String theirs =
                    ours.replace("remote", "X").replace("local", "remote").replace("X", "local");
            Files.writeString(directory.resolve("ikev2d.toml"), ours.formatted(directory.resolve("run")));
            Files.writeString(directory.resolve("other.toml"), theirs.formatted(directory.resolve("other")));
            Running other = peer.start(Map.of(), List.of(), Main.class, "--config", "other.toml");
            Running daemon = start();
            // A kernel without ESP refuses the Child SA; that comes last.
            String answer = control("up", "b").output();
            assertThat(answer)
                    .as(() -> daemon.told() + other.told())
                    .matches("(?s).*(is up|the kernel refused|TEMPORARY_FAILURE).*");
        }
    }

    @Test
    void allThatIsWrongWithTheConfigurationIsToldAndNothingStarted() throws Exception {
        configure("ikev2d.toml", "run", "lokal_id = 7\nqueues = -1\n");
        Outcome outcome = namespace.run(Main.class, "--config", "ikev2d.toml");
        assertThat(outcome.exitCode()).isEqualTo(Main.MISUSED);
        assertThat(outcome.output()).contains("ikev2d.toml:10:1:").contains("ikev2d.toml:11:");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @Test
    void itsArgumentsAreFew() throws Exception {
        assertThat(namespace.run(Main.class, "--version"))
                .matches(outcome -> outcome.exitCode() == 0 && outcome.output().startsWith("ikev2d "));
        assertThat(namespace.run(Main.class, "--help").exitCode()).isZero();
        assertThat(namespace.run(Main.class, "--konfig", "x").exitCode()).isEqualTo(Main.MISUSED);
    }
}
