package org.ikev2d.daemon.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.engine.TunnelStatus.Former;
import org.ikev2d.core.engine.TunnelStatus.LastError;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.engine.TunnelStatus.Proofs;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.engine.TunnelStatus.State;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;

/**
 * A daemon whose tunnels go up and down when told. Tunnel {@code slow} answers when {@link #finishSlow} is called, {@code
 * faulty} throws.
 */
public final class FakeDaemon implements ControlledDaemon {
    public static final long STARTED_AT = 1_800_000_000L;

    private static final Endpoint LOCAL = new Endpoint(IpAddress.parse("192.0.2.1"), 500);

    private final Map<String, TunnelStatus> tunnels = new LinkedHashMap<>();
    private final Map<SaId, SaUsage> usage = new HashMap<>();
    private final CompletableFuture<Answer> slow = new CompletableFuture<>();
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private final List<String> cannot = new ArrayList<>();
    private final Map<String, List<Warning>> warnings = new HashMap<>();
    private boolean broken;

    /** Up as initiator with a fallback and SAs for CPUs 0, 2 and 3 of four; and one that is down. */
    public static FakeDaemon withTunnels() {
        FakeDaemon daemon = new FakeDaemon();
        List<ChildStatus> children = new ArrayList<>();
        children.add(daemon.child(ChildKind.PER_CPU, 3, false, 0x30, 0, 0));
        children.add(daemon.child(ChildKind.FALLBACK, -1, true, 0x10, 3_500_000_000L, 0));
        children.add(daemon.child(ChildKind.PER_CPU, 0, true, 0x20, 840, STARTED_AT + 90));
        children.add(daemon.child(ChildKind.PER_CPU, 2, true, 0x40, 84, STARTED_AT + 95));
        daemon.put(new TunnelStatus(
                "b",
                State.UP,
                Optional.of(Role.INITIATOR),
                LOCAL,
                new Endpoint(IpAddress.parse("198.51.100.2"), 500),
                "AES_GCM_16-256/PRF_HMAC_SHA2_256/CURVE25519",
                Optional.of(new Proofs(
                        new Proof("ecdsa-sha256", "\"a.example.org\"", "C=XX, CN=a", OptionalLong.of(1_800_000_000)),
                        new Proof("rsa-pss-sha256", "\"b.example.org\"", "C=XX, CN=b", OptionalLong.empty()))),
                Optional.of(seconds(10)),
                5,
                children,
                List.of(daemon.former(0, 0x21, 160), daemon.former(1, 0x31, 80)),
                "",
                Optional.empty()));
        daemon.put(new TunnelStatus(
                "office",
                State.CONNECTING,
                Optional.empty(),
                LOCAL,
                new Endpoint(IpAddress.parse("2001:db8::2"), 500),
                "",
                Optional.empty(),
                Optional.empty(),
                5,
                List.of(),
                List.of(),
                "",
                Optional.of(new LastError(
                        "no-proposal-chosen", "the peer takes none of our proposals: \u001b[2Jcompare", seconds(40)))));
        return daemon;
    }

    private static MonoTime seconds(long seconds) {
        return new MonoTime(0).plus(Duration.ofSeconds(seconds));
    }

    /** @param cpu -1 for none */
    private ChildStatus child(ChildKind kind, int cpu, boolean ours, int spi, long bytes, long lastUse) {
        SaId in = new SaId(LOCAL.address(), new EspSpi(0xc0000000 + spi));
        SaId out = new SaId(IpAddress.parse("198.51.100.2"), new EspSpi(0xd0000000 + spi));
        usage.put(in, new SaUsage(bytes, bytes / 84, lastUse));
        usage.put(out, new SaUsage(2 * bytes, 2 * bytes / 84, lastUse == 0 ? 0 : lastUse + 1));
        return new ChildStatus(
                kind,
                cpu < 0 ? Optional.empty() : Optional.of(new CpuId(cpu)),
                ours,
                in,
                out,
                "AES_GCM_16-256/ESN",
                seconds(11),
                cpu < 0 ? 0 : 2);
    }

    /** One whose inbound half is in the kernel still, and one that has gone. */
    private Former former(int cpu, int spi, long bytes) {
        SaId in = new SaId(LOCAL.address(), new EspSpi(0xc0000000 + spi));
        usage.put(in, new SaUsage(bytes, bytes / 80, STARTED_AT + 89));
        return new Former(
                Optional.of(new CpuId(cpu)),
                new Former.Half(new SaUsage(1000, 10, STARTED_AT + 50), List.of(in)),
                new Former.Half(new SaUsage(2000, 20, STARTED_AT + 50), List.of()));
    }

    private void put(TunnelStatus tunnel) {
        tunnels.put(tunnel.tunnel(), tunnel);
    }

    /** A tunnel that is down. */
    public void add(String name) {
        put(new TunnelStatus(
                name,
                State.DOWN,
                Optional.empty(),
                LOCAL,
                LOCAL,
                "",
                Optional.empty(),
                Optional.empty(),
                1,
                List.of(),
                List.of(),
                "",
                Optional.empty()));
    }

    /** From now on every look at the tunnels throws. */
    public void breakDown() {
        broken = true;
    }

    public void finishSlow() {
        slow.complete(new Answer(true, ""));
    }

    /** Completes with {@code keep} when the daemon was stopped. */
    public CompletableFuture<Boolean> stopped() {
        return stopped;
    }

    public void warns(String tunnel, Warning... of) {
        warnings.put(tunnel, List.of(of));
    }

    public void cannot(String what) {
        cannot.add(what);
    }

    @Override
    public DaemonStatus status() {
        return new DaemonStatus(
                "0.1.0",
                STARTED_AT,
                new DaemonStatus.Dataplane("kernel", "it has ESP", "cpu", List.of("ESP", "SA_PCPU")),
                cannot);
    }

    @Override
    public Map<String, Long> dropped() {
        return Map.of("in-replay", 3L);
    }

    @Override
    public List<TunnelStatus> tunnels() {
        if (broken) {
            throw new IllegalStateException("broken down");
        }
        return List.copyOf(tunnels.values());
    }

    @Override
    public SortedSet<CpuId> onlineCpus() {
        return new TreeSet<>(List.of(new CpuId(0), new CpuId(1), new CpuId(2), new CpuId(3)));
    }

    @Override
    public Map<SaId, SaUsage> usage(Collection<SaId> states) {
        Map<SaId, SaUsage> found = new HashMap<>(usage);
        found.keySet().retainAll(states);
        return found;
    }

    @Override
    public List<NicRule> nicRules(SaId inbound) {
        return switch (inbound.spi().value()) {
            case 0xc0000020 -> List.of(new NicRule("eth0", 4, 1023));
            case 0xc0000040 -> List.of(new NicRule("eth0", 6, 1022), new NicRule("eth1", 2, 4294967295L));
            default -> List.of();
        };
    }

    @Override
    public List<Warning> warnings(String tunnel) {
        return warnings.getOrDefault(tunnel, List.of());
    }

    @Override
    public long epochSeconds(MonoTime time) {
        return STARTED_AT + time.since(seconds(0)).toSeconds();
    }

    @Override
    public CompletableFuture<Answer> up(String tunnel) {
        return switch (tunnel) {
            case "slow" -> slow.copy();
            case "faulty" -> CompletableFuture.failedFuture(new IllegalStateException("a fault"));
            case "office" -> CompletableFuture.completedFuture(new Answer(false, "the peer does not answer"));
            default -> CompletableFuture.completedFuture(new Answer(true, tunnel + " is up"));
        };
    }

    @Override
    public CompletableFuture<Answer> down(String tunnel) {
        return CompletableFuture.completedFuture(new Answer(true, ""));
    }

    @Override
    public CompletableFuture<Answer> rekey(String tunnel) {
        return CompletableFuture.completedFuture(new Answer(true, tunnel + " is being rekeyed"));
    }

    @Override
    public CompletableFuture<Answer> rekeyIke(String tunnel) {
        return CompletableFuture.completedFuture(new Answer(true, "the IKE SA of " + tunnel + " is being rekeyed"));
    }

    @Override
    public CompletableFuture<Answer> reload() {
        return CompletableFuture.completedFuture(
                new Answer(false, "ikev2d.toml:3:1: unknown key \"x\"\nrestart needed for ike_port"));
    }

    @Override
    public CompletableFuture<Answer> stop(boolean keep) {
        stopped.complete(keep);
        return CompletableFuture.completedFuture(new Answer(true, ""));
    }
}
