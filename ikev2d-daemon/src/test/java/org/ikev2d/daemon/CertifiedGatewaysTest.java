package org.ikev2d.daemon;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.tunnel.IkeEngine;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.core.world.VirtualClock;
import org.ikev2d.daemon.config.ConfigFile;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.config.DaemonConfig;
import org.ikev2d.daemon.loop.EngineHost;
import org.ikev2d.daemon.loop.MonoClock;
import org.ikev2d.daemon.net.PortPlan;
import org.ikev2d.daemon.net.PortUnavailableException;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.daemon.observe.Counters;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.RecordingLogger;
import org.ikev2d.daemon.observe.StatusBoard;
import org.ikev2d.daemon.trust.CertificateJudge;
import org.ikev2d.daemon.trust.FetchLimits;
import org.ikev2d.daemon.trust.JudgeDesk;
import org.ikev2d.daemon.trust.RevocationSources;
import org.ikev2d.daemon.trust.TestAuthority;
import org.ikev2d.daemon.trust.TestAuthority.Draft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** Files, configuration, engine, sockets and judge of two gateways that know each other by certificates and keys. */
@Timeout(120)
class CertifiedGatewaysTest {
    private static final String CONFIG = """
            [daemon]
            ike_port = 15501
            nat_port = 14501
            [tunnel.t]
            local = "%s"
            remote = "%s"
            local_ts = ["10.%d.0.0/16"]
            remote_ts = ["10.%d.0.0/16"]
            queues = 0
            %s
            """;

    @TempDir
    private Path folder;

    private final Held held = new Held(new EventLog(new RecordingLogger(Level.DEBUG), MonoClock::now));
    private final TestAuthority root = TestAuthority.root("C=XX,CN=root");
    private final String addresses = "127." + (64 + ThreadLocalRandom.current().nextInt(64)) + "."
            + ThreadLocalRandom.current().nextInt(256) + ".";
    private final List<Gateway> gateways = new ArrayList<>();

    private static final class Gateway {
        final RecordingLogger lines = new RecordingLogger(Level.DEBUG);
        final StatusBoard board;
        final EngineHost engine;

        Gateway(DaemonConfig config, Instant today, Held held) throws PortUnavailableException {
            EventLog log = new EventLog(lines, MonoClock::now);
            Counters counters = new Counters();
            EnginePolicy policy = config.policy(Map.of("t", ReqId.ofTunnel(0)));
            board = StatusBoard.of(policy, Cpus.firstOnes(1));
            UdpPorts ports = held.add(UdpPorts.bind(
                    PortPlan.ofIke(List.of(policy.tunnels().get(0).local()), policy.ikePort(), policy.natPort()),
                    counters,
                    log::tell));
            JudgeDesk desk = held.add(new JudgeDesk(
                    new CertificateJudge(
                            config.trust(), new RevocationSources(FetchLimits.DEFAULT), InstantSource.fixed(today)),
                    fault -> log.fault("judge-fault", "judging", fault)));
            SystemEntropy entropy = new SystemEntropy();
            IkeEngine ike = new IkeEngine(
                    policy,
                    Cpus.firstOnes(1),
                    new FakeKernel(1, new VirtualClock(), 1),
                    new JcaAlgorithms(entropy),
                    entropy);
            engine = EngineHost.start(ike, ports, board, desk::judge, log, counters);
        }

        TunnelStatus status() {
            return board.of("t").orElseThrow();
        }

        boolean isUp() {
            return status().state() == TunnelStatus.State.UP;
        }

        String lastError() {
            return status().lastError()
                    .map(error -> error.code() + ": " + error.text())
                    .orElse("");
        }
    }

    @AfterEach
    void close() {
        for (Gateway gateway : gateways) {
            gateway.engine.abandon();
            gateway.engine.ended().orTimeout(30, SECONDS).join();
        }
        held.close();
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Files for a gateway of {@code name}, whose certificate has an authority between it and the root. */
    private void writeCertificate(String name, KeyPair keys, Draft draft) throws IOException {
        TestAuthority middle = root.below("C=XX,CN=middle of " + name);
        X509Certificate own = middle.issue(draft, keys);
        write(name + ".pem", TestAuthority.pem(own, middle.certificate(), root.certificate()));
        write(name + ".key", TestAuthority.pem(keys.getPrivate()));
    }

    private void start(String left, String right) throws IOException, PortUnavailableException {
        start(left, TestAuthority.NOW, right, TestAuthority.NOW);
    }

    private void start(String left, Instant leftsDay, String right, Instant rightsDay)
            throws IOException, PortUnavailableException {
        write("ca.pem", TestAuthority.pem(root.certificate()));
        gateways.add(gateway(CONFIG.formatted(addresses + 1, addresses + 2, 1, 2, left), leftsDay));
        gateways.add(gateway(
                CONFIG.formatted(addresses + 2, addresses + 1, 2, 1, right + "\nstart = \"responder\""), rightsDay));
    }

    private Gateway gateway(String toml, Instant day) throws IOException, PortUnavailableException {
        Loaded loaded = ConfigFile.load(Files.writeString(folder.resolve("ikev2d.toml"), toml));
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        return new Gateway(held.add(((Loaded.Valid) loaded).config()), day, held);
    }

    private Gateway left() {
        return gateways.get(0);
    }

    private Gateway right() {
        return gateways.get(1);
    }

    private void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
            assertThat(System.nanoTime() - end)
                    .as(() -> String.join("\n", left().lines.lines()) + "\n--\n"
                            + String.join("\n", right().lines.lines()))
                    .isNegative();
        }
    }

    private void awaitBothUp() {
        await(() -> left().isUp() && right().isUp());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void certificatesOfEachKindOfKeyProveBothEnds(Kind kind) throws Exception {
        writeCertificate("left", TestKeys.pair(kind), new Draft("C=XX,O=Example,CN=left"));
        writeCertificate("right", TestKeys.pair(Kind.ED25519), new Draft("CN=right").dns("right.example.org"));
        start("""
                cert_file = "left.pem"
                key_file = "left.key"
                ca_files = ["ca.pem"]
                remote_id = "*.example.org"
                """, """
                cert_file = "right.pem"
                key_file = "right.key"
                ca_files = ["ca.pem"]
                local_id = "right.example.org"
                remote_id = "C=XX, O=Example, CN=*"
                """);
        awaitBothUp();
        TunnelStatus.Proofs proofs = right().status().proofs().orElseThrow();
        assertThat(proofs.remote().identity()).isEqualTo("\"C=XX, O=Example, CN=left\"");
        assertThat(proofs.remote().subject()).isEqualTo("C=XX, O=Example, CN=left");
        assertThat(proofs.local().subject()).isEqualTo("CN=right");
        assertThat(proofs.local().expiresAt())
                .hasValue(TestAuthority.NOW.plus(Duration.ofDays(10)).getEpochSecond());
    }

    @Test
    void publicKeysThatAreKnownProveBothEnds() throws Exception {
        KeyPair left = TestKeys.pair(Kind.RSA);
        KeyPair right = TestKeys.pair(Kind.ECDSA_P384);
        write("left.key", TestAuthority.pem(left.getPrivate()));
        write("right.key", TestAuthority.pem(right.getPrivate()));
        write("left.pub", TestAuthority.pem("PUBLIC KEY", left.getPublic().getEncoded()));
        write("right.pub", TestAuthority.pem("PUBLIC KEY", right.getPublic().getEncoded()));
        start("""
                key_file = "left.key"
                remote_key_file = "right.pub"
                signatures = ["rsa-sha512", "ecdsa-sha384"]
                """, """
                key_file = "right.key"
                remote_key_file = "left.pub"
                signatures = ["rsa-sha512", "ecdsa-sha384"]
                """);
        awaitBothUp();
        TunnelStatus.Proofs proofs = left().status().proofs().orElseThrow();
        assertThat(proofs.local().method()).isEqualTo("rsa-sha512");
        assertThat(proofs.remote().method()).isEqualTo("ecdsa-sha384");
    }

    @Test
    void oneEndMayHaveACertificateAndTheOtherThePsk() throws Exception {
        writeCertificate("right", TestKeys.pair(Kind.ECDSA_P256), new Draft("CN=right").address(addresses + 2));
        write("t.psk", "a secret");
        start("ca_files = [\"ca.pem\"]\npsk_file = \"t.psk\"\nremote_id = \"" + addresses + "2\"", """
                cert_file = "right.pem"
                key_file = "right.key"
                psk_file = "t.psk"
                local_id = "%s"
                """.formatted(
                        addresses + 2));
        awaitBothUp();
        assertThat(left().status().proofs().orElseThrow().local().method()).isEqualTo("psk");
    }

    @Test
    void whyACertificateIsRefusedIsInStatusAndLog() throws Exception {
        writeCertificate("left", TestKeys.pair(Kind.ECDSA_P256), new Draft("CN=left"));
        writeCertificate("right", TestKeys.pair(Kind.ED25519), new Draft("CN=right"));
        String common = "\nca_files = [\"ca.pem\"]\nremote_id = \"any\"\n";
        start(
                "cert_file = \"left.pem\"\nkey_file = \"left.key\"" + common,
                TestAuthority.NOW,
                "cert_file = \"right.pem\"\nkey_file = \"right.key\"" + common,
                TestAuthority.NOW.plus(Duration.ofDays(11)));
        await(() -> !left().lastError().isEmpty() && !right().lastError().isEmpty());
        assertThat(right().lastError())
                .startsWith("certificate-expired: ")
                .contains("\"CN=left\" (serial number ")
                .contains("expired at 2030-06-25T12:00:00Z");
        assertThat(right().lines.lines()).anyMatch(line -> line.contains("code=certificate-expired"));
        assertThat(left().lastError()).startsWith("authentication-failed: ");
        assertThat(left().isUp()).isFalse();
    }
}
