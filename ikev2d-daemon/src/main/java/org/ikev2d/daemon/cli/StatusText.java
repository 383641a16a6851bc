package org.ikev2d.daemon.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ikev2d.daemon.cli.ControlClient.Reply;
import org.ikev2d.daemon.control.Text;

/** A status for people. All text of the daemon's is shown escaped, since some of it is a peer's. */
final class StatusText {
    private static final String NOTHING = "-";

    private final long now;

    /** @param now seconds since the epoch, from which ages are counted */
    StatusText(long now) {
        this.now = now;
    }

    static StatusText asOfNow() {
        return new StatusText(System.currentTimeMillis() / 1000);
    }

    /** One row for each tunnel, below what the daemon cannot do. */
    String overview(Reply reply) {
        Table table = new Table("NAME", "STATE", "PEER", ">CHILDREN", ">RX", ">TX", ">UPTIME", "LAST ERROR");
        for (Object each : reply.tunnels()) {
            JsonObject tunnel = (JsonObject) each;
            JsonObject error = tunnel.getObject("last_error");
            table.row(
                    text(tunnel, "name"),
                    text(tunnel, "state"),
                    text(tunnel, "peer"),
                    tunnel.getInt("children_up") + "/" + tunnel.getInt("children_expected"),
                    Units.octets(tunnel.getLong("total_bytes_in")),
                    Units.octets(tunnel.getLong("total_bytes_out")),
                    age(tunnel, "established_at"),
                    error == null ? NOTHING : error(error));
        }
        StringBuilder out = new StringBuilder();
        for (Object each : reply.daemon().getArray("cannot", new JsonArray())) {
            out.append("warning: ").append(Text.visible(each.toString())).append('\n');
        }
        for (Object each : reply.tunnels()) {
            JsonObject tunnel = (JsonObject) each;
            warnings(tunnel)
                    .forEach(text -> out.append("warning: tunnel ")
                            .append(text(tunnel, "name"))
                            .append(": ")
                            .append(text)
                            .append('\n'));
        }
        if (reply.tunnels().isEmpty()) {
            return out.append("no tunnel is configured\n").toString();
        }
        table.print(out);
        return out.toString();
    }

    /** The daemon as a whole. */
    String daemon(JsonObject daemon) {
        StringBuilder out = new StringBuilder();
        line(out, "ikev2d", text(daemon, "version") + ", up for " + age(daemon, "started_at"));
        String why = daemon.getString("dataplane_why", "");
        line(out, "data plane", text(daemon, "dataplane") + (why.isEmpty() ? "" : ": " + Text.visible(why)));
        for (Object each : daemon.getArray("can", new JsonArray())) {
            line(out, "  can", Text.visible(each.toString()));
        }
        for (Object each : daemon.getArray("cannot", new JsonArray())) {
            line(out, "  cannot", Text.visible(each.toString()));
        }
        daemon.getObject("dropped", new JsonObject())
                .forEach((reason, packets) -> line(out, "  dropped", packets + " " + Text.visible(reason)));
        return out.toString();
    }

    /** One tunnel, with a row for each CPU or queue. */
    String detail(JsonObject tunnel) {
        StringBuilder out = new StringBuilder();
        boolean up = tunnel.getNumber("established_at") != null;
        line(out, "tunnel", text(tunnel, "name"));
        line(
                out,
                "state",
                text(tunnel, "state")
                        + (up ? " for " + age(tunnel, "established_at") + ", we are " + text(tunnel, "role") : ""));
        line(out, "local", text(tunnel, "local"));
        line(out, "peer", text(tunnel, "peer"));
        line(out, "ike", text(tunnel, "ike_suite"));
        if (tunnel.getObject("local_proof") != null) {
            line(out, "we are", proof(tunnel.getObject("local_proof")));
            line(out, "peer is", proof(tunnel.getObject("remote_proof")));
        }
        line(
                out,
                "children",
                tunnel.getInt("children_up") + " up, " + tunnel.getInt("children_expected") + " expected");
        line(
                out,
                "traffic",
                traffic(tunnel, "total_bytes_in", "total_packets_in") + " in, "
                        + traffic(tunnel, "total_bytes_out", "total_packets_out") + " out");
        if (tunnel.getObject("busiest_in") != null || tunnel.getObject("busiest_out") != null) {
            line(out, "busiest", busiest(tunnel, "busiest_in") + " in, " + busiest(tunnel, "busiest_out") + " out");
        }
        if (tunnel.getString("note") != null) {
            line(out, "note", text(tunnel, "note"));
        }
        warnings(tunnel).forEach(text -> line(out, "warning", text));
        if (tunnel.getObject("last_error") != null) {
            line(out, "last error", error(tunnel.getObject("last_error")));
        }
        JsonArray children = tunnel.getArray("children", new JsonArray());
        if (!children.isEmpty()) {
            out.append('\n');
            children(tunnel, children).print(out);
        }
        return out.toString();
    }

    /** {@code CPU 2 with 31 %}. */
    private static String busiest(JsonObject tunnel, String member) {
        JsonObject most = tunnel.getObject(member);
        if (most == null) {
            return NOTHING;
        }
        String unit = tunnel.getString("unit", "").equals("queue") ? "queue " : "CPU ";
        String who = most.getNumber("cpu") == null ? "the fallback" : unit + most.getInt("cpu");
        return who + " with " + most.getInt("percent") + " %";
    }

    private Table children(JsonObject tunnel, JsonArray children) {
        boolean queues = tunnel.getString("unit", "").equals("queue");
        Table table = new Table(
                queues ? ">QUEUE" : ">CPU",
                "KIND",
                "MADE BY",
                "SPI IN",
                "SPI OUT",
                ">BYTES IN",
                ">PACKETS IN",
                ">BYTES OUT",
                ">PACKETS OUT",
                ">LAST USE",
                ">AGE",
                ">REKEYS",
                "NIC QUEUE",
                "SUITE");
        JsonArray cpus = tunnel.getArray("cpus", new JsonArray());
        Set<Integer> served = new HashSet<>();
        for (Object each : children) {
            served.add(((JsonObject) each).getInt("cpu", -1));
        }
        int perCpu = served.size() - (served.contains(-1) ? 1 : 0);
        boolean expected = tunnel.getInt("children_expected") - 1 > perCpu;
        int next = 0;
        for (Object each : children) {
            JsonObject child = (JsonObject) each;
            int cpu = child.getInt("cpu", -1);
            while (expected && next < cpus.size() && cpus.getInt(next) < cpu) {
                missing(table, cpus.getInt(next), served);
                next++;
            }
            row(table, child, cpu, queues);
        }
        while (expected && next < cpus.size()) {
            missing(table, cpus.getInt(next), served);
            next++;
        }
        return table;
    }

    private void row(Table table, JsonObject child, int cpu, boolean queues) {
        String kind = text(child, "kind");
        table.row(
                cpu < 0 ? NOTHING : Integer.toString(cpu),
                queues && kind.equals("per-cpu") ? "per-queue" : kind,
                child.getBoolean("initiated_here") ? "us" : "peer",
                text(child, "spi_in"),
                text(child, "spi_out"),
                Long.toString(child.getLong("total_bytes_in")),
                Long.toString(child.getLong("total_packets_in")),
                Long.toString(child.getLong("total_bytes_out")),
                Long.toString(child.getLong("total_packets_out")),
                child.getNumber("last_use") == null ? "never" : age(child, "last_use") + " ago",
                age(child, "since"),
                Integer.toString(child.getInt("rekeys")),
                nicQueues(child),
                text(child, "suite"));
    }

    /** {@code eth0/5}: where a NIC's rule leads what comes in. */
    private static String nicQueues(JsonObject child) {
        JsonArray rules = child.getArray("nic_rules", new JsonArray());
        return rules.isEmpty()
                ? NOTHING
                : rules.stream()
                        .map(JsonObject.class::cast)
                        .map(rule -> text(rule, "device") + "/" + rule.getInt("queue"))
                        .collect(Collectors.joining(" "));
    }

    private static void missing(Table table, int cpu, Set<Integer> served) {
        if (!served.contains(cpu)) {
            String[] cells = new String[14];
            Arrays.fill(cells, NOTHING);
            cells[0] = Integer.toString(cpu);
            cells[1] = "missing";
            table.row(cells);
        }
    }

    private static String proof(JsonObject proof) {
        String certificate =
                proof.getString("certificate") == null ? "" : ", certificate " + text(proof, "certificate");
        String expiry = proof.getNumber("expires_at") == null
                ? ""
                : " until " + Instant.ofEpochSecond(proof.getLong("expires_at"));
        return text(proof, "identity") + ", by " + text(proof, "method") + certificate + expiry;
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(name).append(" ".repeat(12 - name.length())).append(value).append('\n');
    }

    private static String traffic(JsonObject of, String bytes, String packets) {
        return Units.octets(of.getLong(bytes)) + " (" + of.getLong(packets) + " packets)";
    }

    private static List<String> warnings(JsonObject tunnel) {
        return tunnel.getArray("warnings", new JsonArray()).stream()
                .map(each -> text((JsonObject) each, "text"))
                .toList();
    }

    private String error(JsonObject error) {
        return text(error, "code") + " " + age(error, "at") + " ago: " + text(error, "text");
    }

    private String age(JsonObject of, String member) {
        return of.getNumber(member) == null ? NOTHING : Units.age(now - of.getLong(member));
    }

    private static String text(JsonObject of, String member) {
        String value = of.getString(member);
        return value == null ? NOTHING : Text.visible(value);
    }
}
