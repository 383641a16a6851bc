package org.ikev2d.core.sa;

import java.util.List;
import java.util.OptionalInt;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.policy.PathPolicy.Encap;

/**
 * UDP ports of their own for the SAs of a set. Nobody listens there: they are for those who spread packets by their ports, and
 * are from the range that IANA leaves free (RFC 6335 §6).
 */
final class SourcePorts {
    private static final int FIRST = 0xc000;

    private SourcePorts() {}

    /** For a new SA beside {@code others}; empty where it has none, as the only SA of a peer that makes no sets. */
    static OptionalInt next(IkeSa sa, ChildKind kind, List<ChildSa> others) {
        if (sa.policy().path().encap() != Encap.PER_QUEUE || kind == ChildKind.ORDINARY) {
            return OptionalInt.empty();
        }
        int port;
        do {
            port = FIRST
                    | sa.bench().random(1).at(0) << 8
                    | sa.bench().random(1).at(0);
        } while (isTaken(port, others));
        return OptionalInt.of(port);
    }

    private static boolean isTaken(int port, List<ChildSa> others) {
        return others.stream().anyMatch(other -> other.ownPort().equals(OptionalInt.of(port)));
    }
}
