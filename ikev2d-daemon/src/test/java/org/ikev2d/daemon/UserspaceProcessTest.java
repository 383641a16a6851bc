package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

/** Two daemons that carry the packets themselves, as processes in two namespaces. */
@Tag("kernel")
@Timeout(180)
class UserspaceProcessTest {
    private static final String CONFIG = """
            [daemon]
            runtime_dir = "%s"
            dataplane = "userspace"
            [tunnel.peer]
            local = "%s"
            remote = "%s"
            local_ts = ["%s"]
            remote_ts = ["%s"]
            psk_file = "peer.psk"
            start = "responder"
            """;
    private static final List<String> ALL_RIGHTS = List.of();
    private static final List<String> FEW_RIGHTS =
            List.of("setpriv", "--bounding-set=-bpf,-sys_admin,-net_raw", "--inh-caps=-bpf,-sys_admin,-net_raw");

    @TempDir
    private Path directory;

    private Namespace near;
    private Namespace far;

    @BeforeEach
    void open() throws Exception {
        Optional<String> obstacle = Userspace.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> "no TUN device can be had: " + obstacle.orElseThrow());
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ping")), "ping sends what the tunnel carries");
        near = Namespace.enter(directory, "192.0.2.1");
        far = Namespace.enter(directory, "198.51.100.2");
        near.connect(far);
        look(near, "ip address add 10.1.0.1/32 dev lo");
        look(far, "ip address add 10.2.0.1/32 dev lo");
        Path key = Files.writeString(directory.resolve("peer.psk"), "a secret");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        configure("near", "192.0.2.1", "198.51.100.2", "10.1.0.0/16", "10.2.0.0/16");
        configure("far", "198.51.100.2", "192.0.2.1", "10.2.0.0/16", "10.1.0.0/16");
    }

    @AfterEach
    void close() {
        if (far != null) {
            near.close();
            far.close();
        }
    }

    private void configure(String name, String local, String remote, String ours, String theirs) throws IOException {
        Files.writeString(
                directory.resolve(name + ".toml"),
                CONFIG.formatted(directory.resolve(name), local, remote, ours, theirs));
    }

    private static String look(Namespace where, String command) throws Exception {
        return where.look(command.split(" "));
    }

    private Running start(Namespace where, String name, List<String> prefix) throws Exception {
        Running daemon = where.start(Map.of(), prefix, Main.class, "--config", name + ".toml");
        GuardProgramTest.await(
                () -> daemon.told().contains("code=ready") || !daemon.process().isAlive());
        assertThat(daemon.told()).contains("code=ready");
        return daemon;
    }

    private String control(Namespace where, String name, String... words) throws Exception {
        String[] all = new String[words.length + 2];
        all[0] = "--socket";
        all[1] = directory.resolve(name + "/control.sock").toString();
        System.arraycopy(words, 0, all, 2, words.length);
        Outcome outcome = where.run(Ikev2ctl.class, all);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }

    @Test
    void aTunnelCarriesPacketsBothWaysAndLeavesNothingBehind() throws Exception {
        Running one = start(near, "near", ALL_RIGHTS);
        Running other = start(far, "far", ALL_RIGHTS);
        assertThat(control(near, "near", "up", "peer")).contains("is up");
        assertThat(look(near, "ping -q -c 5 -i 0.02 -W 2 -I 10.1.0.1 10.2.0.1")).contains("5 received");
        assertThat(look(far, "ping -q -c 5 -i 0.02 -W 2 -I 10.2.0.1 10.1.0.1")).contains("5 received");
        assertThat(control(near, "near", "status", "peer", "--json")).contains("\"packets_in\":10,\"packets_out\":10");
        assertThat(control(near, "near", "version")).contains("userspace: as configured");

        one.signal("TERM");
        assertThat(one.end().exitCode()).isEqualTo(Main.STOPPED);
        assertThat(one.told()).doesNotContain("ERROR");
        assertThat(look(near, "ip rule")).doesNotContain("739");
        assertThat(look(near, "ip link")).doesNotContain("ikev2d");
        other.signal("TERM");
        assertThat(other.end().exitCode()).isEqualTo(Main.STOPPED);
    }

    @Test
    void withFewRightsEspIsInUdpAndTheStatusSaysSo() throws Exception {
        var unused = start(near, "near", FEW_RIGHTS);
        unused = start(far, "far", ALL_RIGHTS);
        assertThat(control(near, "near", "up", "peer")).contains("is up");
        assertThat(look(near, "ping -q -c 5 -i 0.02 -W 2 -I 10.1.0.1 10.2.0.1")).contains("5 received");
        assertThat(control(near, "near", "version")).contains("no ESP without UDP", "CAP_NET_RAW");
        assertThat(control(near, "near", "status", "peer")).contains("198.51.100.2:4500");
    }

    /** The wire leads there too, as is seen before the daemon comes. */
    @Test
    void whileThereIsNoSaNothingLeavesInTheClear() throws Exception {
        String[] ping = "ping -q -c 3 -i 0.02 -W 1 -I 10.1.0.1 10.2.0.1".split(" ");
        assertThat(near.start(ping).end().output()).contains("3 received");
        String echoes = look(far, "nstat -asz IcmpInEchos");
        assertThat(echoes).containsPattern("IcmpInEchos +3 ");

        var unused = start(near, "near", ALL_RIGHTS);
        assertThat(near.start(ping).end().output()).contains("3 packets transmitted, 0 received");
        assertThat(look(far, "nstat -asz IcmpInEchos")).isEqualTo(echoes);
    }

    @Test
    void aKernelWithoutWhatTheTunnelNeedsIsPassedOverByAuto() throws Exception {
        Path config = directory.resolve("near.toml");
        Files.writeString(config, Files.readString(config).replace("\"userspace\"", "\"auto\""));
        Running daemon = start(near, "near", ALL_RIGHTS);
        assertThat(daemon.told())
                .containsPattern("code=(kernel|userspace) .*: (it has ESP|the kernel has no ESP over IPv4)");
    }
}
