package org.ikev2d.daemon.control;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Of the CPUs that share a tunnel's traffic, the one that has most of it.
 *
 * @param cpu -1 for the SA that is for every CPU
 * @param percent of the octets, rounded
 */
record Busiest(int cpu, int percent) {
    private static final int EVERY_CPU = -1;

    /**
     * Empty where there is no set to spread over, or nothing went through it.
     *
     * @param children of a status
     * @param member that holds the octets
     */
    static Optional<Busiest> of(JsonArray children, String member) {
        Map<Integer, Long> octets = new TreeMap<>();
        for (Object each : children) {
            JsonObject child = (JsonObject) each;
            octets.merge(child.getInt("cpu", EVERY_CPU), child.getLong(member), Long::sum);
        }
        long all = octets.values().stream().mapToLong(Long::longValue).sum();
        boolean set = octets.keySet().stream().anyMatch(cpu -> cpu != EVERY_CPU);
        return all == 0 || !set
                ? Optional.empty()
                : octets.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(most -> new Busiest(most.getKey(), (int) Math.round(100.0 * most.getValue() / all)));
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.put("cpu", cpu == EVERY_CPU ? null : cpu);
        json.put("percent", percent);
        return json;
    }
}
