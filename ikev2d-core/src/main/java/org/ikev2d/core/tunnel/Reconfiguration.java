package org.ikev2d.core.tunnel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.Workbench;

/** What another policy changes of the tunnels, by their names; keys and certificates are not looked at. */
record Reconfiguration(List<String> added, List<String> changed, List<String> removed) {
    static Reconfiguration between(EnginePolicy before, EnginePolicy after) {
        Map<String, TunnelPolicy> left = new LinkedHashMap<>();
        before.tunnels().forEach(tunnel -> left.put(tunnel.name(), tunnel));
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (TunnelPolicy tunnel : after.tunnels()) {
            TunnelPolicy old = left.remove(tunnel.name());
            if (old == null) {
                added.add(tunnel.name());
            } else if (!tunnel.isLike(old)) {
                changed.add(tunnel.name());
            }
        }
        return new Reconfiguration(added, changed, List.copyOf(left.keySet()));
    }

    void tell(Workbench bench) {
        added.forEach(name -> bench.tell(Event.Level.INFO, name, "tunnel-added", "the tunnel is new"));
        changed.forEach(name -> bench.tell(Event.Level.INFO, name, "tunnel-changed", "the tunnel is configured anew"));
        removed.forEach(name -> bench.tell(Event.Level.INFO, name, "tunnel-removed", "the tunnel is no more"));
    }

    /** For an operator. */
    String describe() {
        return describe("added", added) + ", " + describe("changed", changed) + ", " + describe("removed", removed);
    }

    private static String describe(String what, List<String> names) {
        return names.size() + " " + what + (names.isEmpty() ? "" : " (" + String.join(", ", names) + ")");
    }
}
