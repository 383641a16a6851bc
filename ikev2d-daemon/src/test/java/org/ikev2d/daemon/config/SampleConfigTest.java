package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.auth.RemoteAuth;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.ChildLifetime;
import org.ikev2d.core.policy.Childless;
import org.ikev2d.core.policy.DefaultProposals;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.IkeLifetime;
import org.ikev2d.core.policy.LivenessPolicy;
import org.ikev2d.core.policy.PathPolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.RetransmitSchedule;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.config.DaemonSettings.DataPlaneWish;
import org.ikev2d.daemon.config.DaemonSettings.LogLevel;
import org.ikev2d.daemon.config.DaemonSettings.Steering;
import org.ikev2d.daemon.config.DaemonSettings.Userspace;
import org.ikev2d.daemon.trust.FetchLimits;
import org.ikev2d.daemon.trust.TestAuthority;
import org.ikev2d.daemon.trust.TestAuthority.Draft;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample is the manual: it must be right, and complete. */
class SampleConfigTest {
    private static final Pattern SETTING = Pattern.compile("#([a-z0-9_]+ = .*|\\[.*\\]|  \".*\",|\\])");
    private static final List<String> SIGNING = List.of(
            "#cert_file",
            "#key_file",
            "#key_password_file",
            "#pkcs12_file",
            "#pkcs12_password_file",
            "#ca_files",
            "#crl_files",
            "#remote_key_file");
    private static final List<String> EXAMPLES =
            List.of("#control_group", "#queue_limit", "#liveness_timeout", "#ppk_file", "#ppk_id", "#ppk_required");

    @TempDir
    Path folder;

    private String sample;

    @BeforeEach
    void readSample() throws IOException {
        for (String name : List.of("b.psk", "b.ppk")) {
            Path key = Files.writeString(folder.resolve(name), "a key\n");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
        sample = Files.readString(Path.of(System.getProperty("ikev2d.root"), "conf", "ikev2d.toml"));
    }

    @Test
    void theSampleIsTheShortestTunnelWithEveryDefault() throws IOException {
        try (DaemonConfig config = load(sample)) {
            DaemonSettings settings = config.settings();
            assertThat(settings)
                    .isEqualTo(new DaemonSettings(
                            Path.of("/run/ikev2d"),
                            Path.of("/run/ikev2d/control.sock"),
                            Optional.empty(),
                            LogLevel.INFO,
                            DataPlaneWish.AUTO,
                            Userspace.DEFAULT,
                            Steering.AUTO,
                            FetchLimits.DEFAULT,
                            Duration.ofDays(14)));
            EnginePolicy policy = config.policy(Map.of("b", ReqId.ofTunnel(7)));
            assertThat(policy).isEqualTo(EnginePolicy.of(policy.tunnels()));
            TunnelPolicy tunnel = policy.tunnels().get(0);
            Credentials credentials = tunnel.credentials();
            Secret key = ((LocalAuth.Psk) credentials.local()).key();
            assertThat(key.matches(Bytes.wrap("a key".getBytes(StandardCharsets.UTF_8))))
                    .isTrue();
            assertThat(credentials.remote()).isEqualTo(new RemoteAuth.Psk(key));
            assertThat(tunnel.name()).isEqualTo("b");
            assertThat(tunnel.local()).hasToString("192.0.2.1");
            assertThat(tunnel.remote()).hasToString("198.51.100.2");
            assertThat(credentials.localId()).isEqualTo(Identity.parse("192.0.2.1"));
            assertThat(credentials.remoteId()).isEqualTo(PeerIdentity.parse("198.51.100.2"));
            assertThat(tunnel.localSelectors()).containsExactly(TrafficSelector.parse("10.1.0.0/16"));
            assertThat(tunnel.remoteSelectors()).containsExactly(TrafficSelector.parse("10.2.0.0/16"));
            assertThat(tunnel.start()).isEqualTo(TunnelPolicy.Start.ALWAYS_UP);
            assertThat(tunnel.queues()).isEqualTo(QueuePolicy.DEFAULT);
            assertThat(tunnel.ikeProposals()).isEqualTo(DefaultProposals.IKE);
            assertThat(tunnel.espProposals()).isEqualTo(DefaultProposals.ESP);
            assertThat(tunnel.onStop()).isEqualTo(TunnelPolicy.OnStop.REMOVE);
            assertThat(tunnel.childless()).isEqualTo(Childless.ACCEPT);
            assertThat(tunnel.liveness()).isEqualTo(new LivenessPolicy(Duration.ofSeconds(30), Optional.empty()));
            assertThat(tunnel.ikeLifetime())
                    .isEqualTo(new IkeLifetime(Duration.ofHours(4), Duration.ofMinutes(264), Duration.ofDays(1)));
            assertThat(tunnel.childLifetime())
                    .isEqualTo(new ChildLifetime(Duration.ofHours(1), Duration.ofMinutes(66), 0, 0));
            assertThat(tunnel.replayWindow()).isEqualTo(1024);
            assertThat(tunnel.path()).isEqualTo(PathPolicy.DEFAULT);
            assertThat(tunnel.reqId()).isEqualTo(ReqId.ofTunnel(7));
        }
    }

    @Test
    void whatTheSampleShowsAsLeftOutIsWhatHoldsWhenLeftOut() throws IOException {
        try (DaemonConfig plain = load(sample);
                DaemonConfig spelled = load(uncommented(List.of()))) {
            assertThat(spelled.settings()).isEqualTo(plain.settings());
            Map<String, ReqId> reqIds = Map.of("b", ReqId.ofTunnel(0));
            assertThat(spelled.policy(reqIds))
                    .usingRecursiveComparison()
                    .ignoringFieldsOfTypes(Secret.class)
                    .isEqualTo(plain.policy(reqIds));
        }
    }

    @Test
    void theExamplesAreUnderstood() throws IOException {
        try (DaemonConfig config =
                load(uncommented(EXAMPLES).replace("control_group = \"ikev2d\"", "control_group = \"root\""))) {
            assertThat(config.settings().controlGroup()).contains("root");
            TunnelPolicy tunnel =
                    config.policy(Map.of("b", ReqId.ofTunnel(0))).tunnels().get(0);
            assertThat(tunnel.queues().limit()).isEqualTo(OptionalInt.of(64));
            Ppk ppk = tunnel.credentials().ppk().orElseThrow();
            assertThat(ppk.name()).isEqualTo("b-2026");
            assertThat(ppk.required()).isFalse();
            assertThat(ppk.key().matches(Bytes.wrap("a key".getBytes(StandardCharsets.UTF_8))))
                    .isTrue();
            assertThat(config.policy(Map.of("b", ReqId.ofTunnel(0))).retransmit())
                    .isEqualTo(RetransmitSchedule.DEFAULT);
        }
    }

    @Test
    void theExamplesOfSigningAreUnderstood() throws IOException {
        KeyPair keys = TestKeys.pair(Kind.ED25519);
        TestAuthority root = TestAuthority.root("CN=root");
        X509Certificate own = root.issue(new Draft("CN=b").dns("gw.example.org"), keys);
        Files.writeString(folder.resolve("ca.pem"), TestAuthority.pem(root.certificate()));
        Files.writeString(folder.resolve("b.pem"), TestAuthority.pem(own));
        Files.writeString(
                folder.resolve("peer.pub"),
                TestAuthority.pem("PUBLIC KEY", keys.getPublic().getEncoded()));
        Path key = Files.writeString(folder.resolve("b.key"), TestAuthority.pem(keys.getPrivate()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        String without = "\npsk_file = .*\n";
        for (String remote : List.of("#ca_files", "#remote_key_file")) {
            String toml = uncommented(List.of("#cert_file", "#key_file", remote))
                    .replaceFirst(without, "\n")
                    .replaceFirst("\nlocal_id = .*\n", "\n");
            try (DaemonConfig config = load(toml)) {
                TunnelPolicy tunnel =
                        config.policy(Map.of("b", ReqId.ofTunnel(0))).tunnels().get(0);
                assertThat(((LocalAuth.Signature) tunnel.credentials().local())
                                .shown()
                                .subject())
                        .isEqualTo("CN=b");
                assertThat(PeerIdentity.same(tunnel.credentials().localId(), Identity.parse("CN=b")))
                        .isTrue();
                boolean certified = remote.equals("#ca_files");
                assertThat(tunnel.credentials().remote() instanceof RemoteAuth.Certificates)
                        .isEqualTo(certified);
                assertThat(config.trust().containsKey("b")).isEqualTo(certified);
            }
        }
    }

    @Test
    void everyKeyIsInTheSample() throws IOException {
        String wrong =
                "[daemon]\nzzz = 1\n[daemon.retransmit]\nzzz = 1\n[daemon.userspace]\nzzz = 1\n[tunnel.b]\nzzz = 1\n";
        Path file = Files.writeString(folder.resolve("zzz.toml"), wrong);
        var known = new TreeSet<String>();
        for (Problem problem : ((Loaded.Invalid) ConfigFile.load(file, Optional.empty())).problems()) {
            if (problem.wrong().startsWith("unknown key")) {
                known.addAll(
                        Arrays.asList(problem.right().replace("known are ", "").split(", ", -1)));
            }
        }
        known.removeAll(List.of("retransmit", "userspace"));
        var shown = Pattern.compile("^#?([a-z0-9_]+) = ", Pattern.MULTILINE)
                .matcher(sample)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(known).contains("remote_ts", "log_level", "factor").isEqualTo(shown);
    }

    /** With the defaults, and the lines of those examples, in force. */
    private String uncommented(List<String> examples) {
        List<String> others = Stream.concat(EXAMPLES.stream(), SIGNING.stream())
                .filter(one -> !examples.contains(one))
                .toList();
        return sample.lines()
                .map(line -> {
                    boolean left = others.stream().anyMatch(line::startsWith);
                    return SETTING.matcher(line).matches() && !left ? line.substring(1) : line;
                })
                .collect(Collectors.joining("\n"));
    }

    private DaemonConfig load(String toml) throws IOException {
        Path file = Files.writeString(folder.resolve("ikev2d.toml"), toml);
        Loaded loaded = ConfigFile.load(file, Optional.empty());
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        return ((Loaded.Valid) loaded).config();
    }
}
