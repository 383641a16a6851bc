package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.Childless;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.LivenessPolicy;
import org.ikev2d.core.policy.PathPolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.RetransmitSchedule;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.config.DaemonSettings.DataPlaneWish;
import org.ikev2d.daemon.config.DaemonSettings.LogLevel;
import org.ikev2d.daemon.config.DaemonSettings.Steering;
import org.ikev2d.daemon.config.DaemonSettings.Userspace;
import org.ikev2d.daemon.trust.FetchLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigValuesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void putKey() throws IOException {
        Path key = Files.writeString(folder.resolve("b.psk"), "a key\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void everyValueOfTheDaemonArrives() throws IOException {
        try (DaemonConfig config = load("""
                [daemon]
                runtime_dir = "/run/other"
                log_level = "debug"
                dataplane = "userspace"
                steering = "off"
                ike_port = 1500
                nat_port = 1501
                cookie_threshold = 0
                half_open_limit = 5
                half_open_life = "1m"
                nat_keepalive = 15
                retry_first = "250ms"
                retry_limit = "2m"
                set_growth_pause = "3s"
                acquire_pause = "1h"
                inbound_grace = "0"
                fragment_size = 576
                window_size = 4
                fetch_timeout = "2s"
                fetch_size = 50000
                expiry_warning = "30d"
                userspace = { queues = 8, pinned = "no" }
                retransmit = { first = "500ms", factor = 1, limit = "5s", tries = 9 }
                """)) {
            assertThat(config.settings())
                    .isEqualTo(new DaemonSettings(
                            Path.of("/run/other"),
                            Path.of("/run/other/control.sock"),
                            Optional.empty(),
                            LogLevel.DEBUG,
                            DataPlaneWish.USERSPACE,
                            new Userspace(OptionalInt.of(8), false),
                            Steering.OFF,
                            new FetchLimits(Duration.ofSeconds(2), 50_000),
                            Duration.ofDays(30)));
            assertThat(config.policy(Map.of()))
                    .isEqualTo(new EnginePolicy(
                            List.of(),
                            1500,
                            1501,
                            new RetransmitSchedule(Duration.ofMillis(500), 1, Duration.ofSeconds(5), 9),
                            0,
                            5,
                            Duration.ofMinutes(1),
                            Duration.ofSeconds(15),
                            Duration.ofMillis(250),
                            Duration.ofMinutes(2),
                            Duration.ofSeconds(3),
                            Duration.ofHours(1),
                            Duration.ZERO,
                            576,
                            4));
        }
    }

    @Holds("7296-3.3.4-c")
    @Test
    void everyValueOfATunnelArrives() throws IOException {
        TunnelPolicy tunnel = tunnel("""
                local = "2001:db8::1"
                remote = "2001:db8::2"
                local_ts = ["10.1.0.0/16", "2001:db8:1::/48"]
                remote_ts = ["10.2.0.1-10.2.0.9[udp/1000-2000]", "2001:db8:2::/48"]
                psk_file = "b.psk"
                ppk_file = "b.psk"
                ppk_id = "blue"
                ppk_required = "yes"
                local_id = "gw.example.org"
                remote_id = "keyid:blue"
                start = "responder"
                on_stop = "drop"
                childless = "prefer"
                queues = 6
                queue_mode = "on-demand"
                queue_dialect = "draft-2020"
                queue_limit = 7
                queue_idle_timeout = "5m"
                num_queues_notify = 40960
                queue_info_notify = 65535
                encap = "per-queue"
                mobike = "no"
                liveness = "0"
                liveness_timeout = "2m"
                replay_window = 32
                """);
        assertThat(tunnel.local()).hasToString("2001:db8::1");
        assertThat(tunnel.localSelectors())
                .containsExactly(TrafficSelector.parse("10.1.0.0/16"), TrafficSelector.parse("2001:db8:1::/48"));
        assertThat(tunnel.remoteSelectors().get(0))
                .isEqualTo(TrafficSelector.parse("10.2.0.1-10.2.0.9[udp/1000-2000]"));
        assertThat(tunnel.credentials().localId()).isEqualTo(Identity.parse("gw.example.org"));
        assertThat(tunnel.credentials().remoteId()).isEqualTo(PeerIdentity.parse("keyid:blue"));
        assertThat(tunnel.credentials().ppk()).hasValueSatisfying(ppk -> {
            assertThat(ppk.id()).isEqualTo(Bytes.hex("02626c7565"));
            assertThat(ppk.required()).isTrue();
        });
        assertThat(tunnel.start()).isEqualTo(TunnelPolicy.Start.RESPONDER);
        assertThat(tunnel.onStop()).isEqualTo(TunnelPolicy.OnStop.DROP);
        assertThat(tunnel.childless()).isEqualTo(Childless.PREFER);
        assertThat(tunnel.queues())
                .isEqualTo(new QueuePolicy(
                        OptionalInt.of(6),
                        QueuePolicy.Mode.ON_DEMAND,
                        QueuePolicy.Dialect.DRAFT_2020,
                        OptionalInt.of(7),
                        Duration.ofMinutes(5),
                        40960,
                        65535));
        assertThat(tunnel.liveness()).isEqualTo(new LivenessPolicy(Duration.ZERO, Optional.of(Duration.ofMinutes(2))));
        assertThat(tunnel.replayWindow()).isEqualTo(32);
        assertThat(tunnel.path()).isEqualTo(new PathPolicy(PathPolicy.Encap.PER_QUEUE, false));
    }

    @Test
    void identitiesAreTheAddressesUnlessTold() throws IOException {
        TunnelPolicy tunnel = tunnel("""
                local = "2001:db8::1"
                remote = "2001:db8::2"
                local_ts = ["10.1.0.0/16"]
                remote_ts = ["10.2.0.0/16"]
                psk_file = "b.psk"
                queues = "auto"
                """);
        assertThat(tunnel.credentials().localId()).isEqualTo(Identity.parse("2001:db8::1"));
        assertThat(tunnel.credentials().remoteId()).isEqualTo(PeerIdentity.parse("2001:db8::2"));
        assertThat(tunnel.queues().count()).isEmpty();
    }

    @Test
    void transportModeIsBetweenTheTwoEnds() throws IOException {
        String ends = """
                local = "192.0.2.1"
                remote = "198.51.100.2"
                psk_file = "b.psk"
                mode = "transport"
                """;
        TunnelPolicy all = tunnel(ends);
        assertThat(all.mode()).isEqualTo(EspMode.TRANSPORT);
        assertThat(all.localSelectors()).containsExactly(TrafficSelector.parse("192.0.2.1"));
        assertThat(all.remoteSelectors()).containsExactly(TrafficSelector.parse("198.51.100.2"));
        TunnelPolicy part = tunnel(ends + "local_ts = [\"192.0.2.1[gre]\"]\nremote_ts = [\"198.51.100.2[gre]\"]\n");
        assertThat(part.localSelectors()).containsExactly(TrafficSelector.parse("192.0.2.1[gre]"));
    }

    @Test
    void anEmptyFileIsADaemonWithoutTunnels() throws IOException {
        try (DaemonConfig config = load("")) {
            assertThat(config.tunnels()).isEmpty();
            assertThat(config.policy(Map.of())).isEqualTo(EnginePolicy.of(List.of()));
        }
    }

    @Test
    void tunnelsKeepTheOrderOfTheFile() throws IOException {
        StringBuilder toml = new StringBuilder();
        for (String name : List.of("z", "a.b", "m")) {
            toml.append("[tunnel.\"" + name + "\"]\nlocal = \"192.0.2.1\"\nremote = \"198.51.100.2\"\n")
                    .append("local_ts = [\"10.1.0.0/16[" + toml.length() % 250 + "]\"]\n")
                    .append("remote_ts = [\"10.2.0.0/16\"]\npsk_file = \"b.psk\"\n");
        }
        try (DaemonConfig config = load(toml.toString())) {
            assertThat(config.tunnels()).containsExactly("z", "a.b", "m");
        }
    }

    @Test
    void closingZeroesTheSecrets() throws IOException {
        DaemonConfig config = load("""
                [tunnel.b]
                local = "192.0.2.1"
                remote = "198.51.100.2"
                local_ts = ["10.1.0.0/16"]
                remote_ts = ["10.2.0.0/16"]
                psk_file = "b.psk"
                """);
        TunnelPolicy tunnel =
                config.policy(Map.of("b", ReqId.ofTunnel(0))).tunnels().get(0);
        config.close();
        assertThat(((LocalAuth.Psk) tunnel.credentials().local()).key().isClosed())
                .isTrue();
    }

    private TunnelPolicy tunnel(String keys) throws IOException {
        return load("[tunnel.b]\n" + keys)
                .policy(Map.of("b", ReqId.ofTunnel(3)))
                .tunnels()
                .get(0);
    }

    private DaemonConfig load(String toml) throws IOException {
        Path file = Files.writeString(folder.resolve("ikev2d.toml"), toml);
        Loaded loaded = ConfigFile.load(file, Optional.empty());
        if (loaded instanceof Loaded.Valid valid) {
            return valid.config();
        }
        throw new AssertionError(loaded.toString());
    }
}
