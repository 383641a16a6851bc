package org.ikev2d.daemon.control;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.engine.TunnelStatus.Former;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;

/** The JSON of a status, as docs/control-protocol.md describes it: every member is always there, null for nothing. */
final class StatusJson {
    private final ControlledDaemon daemon;
    private final Map<SaId, SaUsage> usage;

    /** Of tunnels with these {@code states}. */
    StatusJson(ControlledDaemon daemon, Collection<SaId> states) {
        this.daemon = daemon;
        this.usage = daemon.usage(states);
    }

    static JsonObject daemon(ControlledDaemon daemon) {
        DaemonStatus status = daemon.status();
        JsonObject json = new JsonObject();
        json.put("version", status.version());
        json.put("started_at", status.startedAt());
        json.put("dataplane", status.dataplane().name());
        json.put("dataplane_why", status.dataplane().why());
        json.put("unit", status.dataplane().unit());
        json.put("can", new JsonArray(status.dataplane().can()));
        json.put("cannot", new JsonArray(status.cannot()));
        JsonObject dropped = new JsonObject();
        dropped.putAll(daemon.dropped());
        json.put("dropped", dropped);
        return json;
    }

    /** The states whose usage a status of {@code tunnel} needs. */
    static List<SaId> states(TunnelStatus tunnel) {
        List<SaId> states = new ArrayList<>();
        for (ChildStatus child : tunnel.children()) {
            states.add(child.inbound());
            states.add(child.outbound());
        }
        for (Former former : tunnel.former()) {
            states.addAll(former.in().states());
            states.addAll(former.out().states());
        }
        return states;
    }

    JsonObject tunnel(TunnelStatus tunnel) {
        JsonObject json = new JsonObject();
        json.put("name", tunnel.tunnel());
        json.put("state", word(tunnel.state()));
        json.put("peer", tunnel.remote().toString());
        json.put("local", tunnel.local().toString());
        json.put("role", tunnel.role().map(StatusJson::word).orElse(null));
        json.put("ike_suite", tunnel.ikeSuite().isEmpty() ? null : tunnel.ikeSuite());
        json.put("local_proof", tunnel.proofs().map(both -> proof(both.local())).orElse(null));
        json.put(
                "remote_proof",
                tunnel.proofs().map(both -> proof(both.remote())).orElse(null));
        json.put("established_at", tunnel.since().map(daemon::epochSeconds).orElse(null));
        json.put("children_up", tunnel.children().size());
        json.put("children_expected", tunnel.childrenExpected());
        SaUsage in = sum(tunnel, true);
        SaUsage out = sum(tunnel, false);
        putUsage(json, "", in, out);
        for (Former former : tunnel.former()) {
            in = in.plus(usageOf(former.in()));
            out = out.plus(usageOf(former.out()));
        }
        putUsage(json, "total_", in, out);
        json.put("note", tunnel.note().isEmpty() ? null : tunnel.note());
        JsonArray warnings = new JsonArray();
        daemon.warnings(tunnel.tunnel()).forEach(one -> warnings.add(warning(one)));
        json.put("warnings", warnings);
        json.put("last_error", tunnel.lastError().map(this::error).orElse(null));
        return json;
    }

    /**
     * With a row for every Child SA, and the CPUs {@code online}.
     *
     * @param unit what these numbers are of
     */
    JsonObject tunnelWithChildren(TunnelStatus tunnel, Collection<CpuId> online, String unit) {
        JsonObject json = tunnel(tunnel);
        json.put("unit", unit);
        JsonArray cpus = new JsonArray();
        online.forEach(cpu -> cpus.add(cpu.number()));
        json.put("cpus", cpus);
        JsonArray children = new JsonArray();
        Map<Optional<CpuId>, Former> former = new HashMap<>();
        tunnel.former().forEach(one -> former.put(one.cpu(), one));
        tunnel.children().stream()
                .sorted(FALLBACK_FIRST)
                .forEach(child -> children.add(child(child, Optional.ofNullable(former.remove(child.cpu())))));
        json.put("children", children);
        json.put(
                "busiest_in",
                Busiest.of(children, "total_bytes_in").map(Busiest::toJson).orElse(null));
        json.put(
                "busiest_out",
                Busiest.of(children, "total_bytes_out").map(Busiest::toJson).orElse(null));
        return json;
    }

    private static final Comparator<ChildStatus> FALLBACK_FIRST = Comparator.comparing(
                    (ChildStatus child) -> child.kind() == ChildKind.PER_CPU)
            .thenComparing(child -> child.cpu().map(CpuId::number).orElse(-1))
            .thenComparing(ChildStatus::since);

    /** @param former what SAs of its CPU have carried that have no row */
    private JsonObject child(ChildStatus child, Optional<Former> former) {
        JsonObject json = new JsonObject();
        json.put("cpu", child.cpu().map(CpuId::number).orElse(null));
        json.put("kind", word(child.kind()));
        json.put("initiated_here", child.ours());
        json.put("suite", child.suite());
        json.put("spi_in", child.inbound().spi().toString());
        json.put("spi_out", child.outbound().spi().toString());
        SaUsage in = usageOf(child.inbound());
        SaUsage out = usageOf(child.outbound());
        putUsage(json, "", in, out);
        putUsage(
                json,
                "total_",
                former.map(Former::in).map(this::usageOf).orElse(SaUsage.NONE).plus(in),
                former.map(Former::out).map(this::usageOf).orElse(SaUsage.NONE).plus(out));
        long lastUse = Math.max(in.lastUse(), out.lastUse());
        json.put("last_use", lastUse == 0 ? null : (Object) lastUse);
        json.put("since", daemon.epochSeconds(child.since()));
        json.put("rekeys", child.rekeys());
        JsonArray rules = new JsonArray();
        daemon.nicRules(child.inbound()).forEach(rule -> rules.add(nicRule(rule)));
        json.put("nic_rules", rules);
        return json;
    }

    private static JsonObject nicRule(NicRule rule) {
        JsonObject json = new JsonObject();
        json.put("device", rule.device());
        json.put("queue", rule.queue());
        json.put("location", rule.location());
        return json;
    }

    private static JsonObject proof(TunnelStatus.Proof proof) {
        JsonObject json = new JsonObject();
        json.put("method", proof.method());
        json.put("identity", proof.identity());
        json.put("certificate", proof.subject().isEmpty() ? null : proof.subject());
        json.put(
                "expires_at",
                proof.expiresAt().isPresent() ? (Object) proof.expiresAt().getAsLong() : null);
        return json;
    }

    private static JsonObject warning(Warning warning) {
        JsonObject json = new JsonObject();
        json.put("code", warning.code());
        json.put("text", warning.text());
        return json;
    }

    private JsonObject error(TunnelStatus.LastError error) {
        JsonObject json = new JsonObject();
        json.put("code", error.code());
        json.put("text", error.text());
        json.put("at", daemon.epochSeconds(error.at()));
        return json;
    }

    private static void putUsage(JsonObject json, String prefix, SaUsage in, SaUsage out) {
        json.put(prefix + "bytes_in", in.bytes());
        json.put(prefix + "bytes_out", out.bytes());
        json.put(prefix + "packets_in", in.packets());
        json.put(prefix + "packets_out", out.packets());
    }

    private SaUsage sum(TunnelStatus tunnel, boolean inbound) {
        SaUsage sum = SaUsage.NONE;
        for (ChildStatus child : tunnel.children()) {
            sum = sum.plus(usageOf(inbound ? child.inbound() : child.outbound()));
        }
        return sum;
    }

    private SaUsage usageOf(Former.Half half) {
        SaUsage sum = half.gone();
        for (SaId state : half.states()) {
            sum = sum.plus(usageOf(state));
        }
        return sum;
    }

    private SaUsage usageOf(SaId state) {
        return usage.getOrDefault(state, SaUsage.NONE);
    }

    /** {@code PER_CPU} as {@code per-cpu}. */
    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
