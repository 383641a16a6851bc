package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.wire.TrafficSelector;

/** A pair of ESP SAs. It is the same one wherever its peer goes. */
public final class ChildSa {
    private final ChildKind kind;
    private final Optional<CpuId> cpu;
    private final boolean ours;
    private final SaId inbound;
    private final EspSuite suite;
    private final List<TrafficSelector> localSelectors;
    private final List<TrafficSelector> remoteSelectors;
    private final MonoTime since;
    private final int rekeys;
    private final OptionalInt ownPort;

    private SaId outbound;
    private int peerPort;

    ChildSa(EspPairs.Terms terms, SaId inbound, SaId outbound, MonoTime since) {
        this.kind = terms.kind();
        this.cpu = terms.cpu();
        this.ours = terms.ours();
        this.inbound = inbound;
        this.outbound = outbound;
        this.suite = terms.suite();
        this.localSelectors = List.copyOf(terms.localSelectors());
        this.remoteSelectors = List.copyOf(terms.remoteSelectors());
        this.since = since;
        this.rekeys = terms.rekeys();
        this.ownPort = terms.ownPort();
    }

    public ChildKind kind() {
        return kind;
    }

    /** The CPU that uses it; empty for every CPU. */
    public Optional<CpuId> cpu() {
        return cpu;
    }

    public SaId inbound() {
        return inbound;
    }

    /** Another one when the peer has another address. */
    public SaId outbound() {
        return outbound;
    }

    /** Normalized, so that equal traffic gives equal lists. */
    public List<TrafficSelector> localSelectors() {
        return localSelectors;
    }

    /** Likewise. */
    public List<TrafficSelector> remoteSelectors() {
        return remoteSelectors;
    }

    public MonoTime since() {
        return since;
    }

    /** Whether our end asked for it. */
    boolean ours() {
        return ours;
    }

    EspSuite suite() {
        return suite;
    }

    /** How many there were in its place before. */
    int rekeys() {
        return rekeys;
    }

    boolean sameTraffic(ChildSa other) {
        return localSelectors.equals(other.localSelectors) && remoteSelectors.equals(other.remoteSelectors);
    }

    /** From which its outbound half alone sends in UDP; empty: from the IKE SA's. */
    OptionalInt ownPort() {
        return ownPort;
    }

    /** Whence the kernel has said that its packets come; 0: it has not said. */
    int peerPort() {
        return peerPort;
    }

    void comesFrom(int port) {
        peerPort = port;
    }

    /** Its outbound half bears this name from now on. */
    void leadsTo(SaId other) {
        outbound = other;
    }

    public ChildStatus status() {
        return new ChildStatus(kind, cpu, ours, inbound, outbound, suite.toString(), since, rekeys);
    }
}
