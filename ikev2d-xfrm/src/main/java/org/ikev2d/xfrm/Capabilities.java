package org.ikev2d.xfrm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the running kernel and our rights allow, found by trying.
 *
 * @param xfrm NETLINK_XFRM can be opened
 * @param netAdmin it answers us
 * @param esp4 it takes ESP states with IPv4 outside
 * @param esp6 the same with IPv6
 * @param saDirection it knows XFRMA_SA_DIR (Linux 6.10)
 * @param saCpu it knows XFRMA_SA_PCPU (Linux 6.13)
 */
public record Capabilities(
        Capability xfrm,
        Capability netAdmin,
        Capability esp4,
        Capability esp6,
        Capability saDirection,
        Capability saCpu) {
    /** @param missing why not, in one line; empty when it is there */
    public record Capability(String name, String missing) {
        static Capability there(String name) {
            return new Capability(name, "");
        }

        public boolean isThere() {
            return missing.isEmpty();
        }
    }

    public List<Capability> all() {
        return List.of(xfrm, netAdmin, esp4, esp6, saDirection, saCpu);
    }

    /** Whether one Child SA per CPU can be had. */
    public boolean isComplete() {
        return all().stream().allMatch(Capability::isThere);
    }

    /** One line: what there is, then what is missing and why; a reason that several share is said once. */
    public String summary() {
        String there = all().stream()
                .filter(Capability::isThere)
                .map(Capability::name)
                .collect(Collectors.joining(", ", "kernel has: ", ""));
        Map<String, List<String>> missing = new LinkedHashMap<>();
        for (Capability capability : all()) {
            if (!capability.isThere()) {
                missing.computeIfAbsent(capability.missing(), reason -> new ArrayList<>())
                        .add("no " + capability.name());
            }
        }
        StringBuilder line = new StringBuilder(there);
        missing.forEach((reason, names) ->
                line.append("; ").append(String.join(", ", names)).append(": ").append(reason));
        return line.toString();
    }
}
