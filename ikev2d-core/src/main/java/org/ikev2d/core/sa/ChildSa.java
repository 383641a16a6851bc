package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * A pair of ESP SAs.
 *
 * @param cpu the CPU that uses it; empty for every CPU
 * @param ours whether our end asked for it
 * @param localSelectors normalized, so that equal traffic gives equal lists
 * @param remoteSelectors likewise
 * @param rekeys how many there were in its place before
 */
public record ChildSa(
        ChildKind kind,
        Optional<CpuId> cpu,
        boolean ours,
        SaId inbound,
        SaId outbound,
        EspSuite suite,
        List<TrafficSelector> localSelectors,
        List<TrafficSelector> remoteSelectors,
        MonoTime since,
        int rekeys) {
    public ChildSa {
        localSelectors = List.copyOf(localSelectors);
        remoteSelectors = List.copyOf(remoteSelectors);
    }

    boolean sameTraffic(ChildSa other) {
        return localSelectors.equals(other.localSelectors) && remoteSelectors.equals(other.remoteSelectors);
    }

    public ChildStatus status() {
        return new ChildStatus(kind, cpu, ours, inbound, outbound, suite.toString(), since, rekeys);
    }
}
