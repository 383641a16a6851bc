package org.ikev2d.core.tunnel;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.ChildSa;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.SaChildren;
import org.ikev2d.core.sa.Workbench;

/** What is told of a tunnel. */
final class TunnelView {
    private final Workbench bench;
    private TunnelPolicy policy;
    private Optional<TunnelStatus.LastError> lastError = Optional.empty();
    private Optional<TunnelStatus> told = Optional.empty();

    TunnelView(Workbench bench, TunnelPolicy policy) {
        this.bench = bench;
        this.policy = policy;
    }

    void reconfigure(TunnelPolicy next) {
        policy = next;
    }

    /** An attempt failed, or the tunnel went down, for this. */
    void failed(Failure why) {
        lastError = Optional.of(new TunnelStatus.LastError(why.code().word(), why.text(), bench.now()));
        bench.tell(Event.Level.WARN, policy.name(), why.code().word(), why.text());
    }

    void up(IkeSa sa) {
        if (told.flatMap(TunnelStatus::role).isEmpty()) {
            bench.carried().beginAnew(policy.reqId(), sa.childSas());
        }
        bench.tell(Event.Level.INFO, policy.name(), "ike-up", describe(sa));
    }

    void rekeyed(IkeSa sa, IkeSa heir) {
        bench.tell(Event.Level.INFO, policy.name(), "ike-rekeyed", describe(heir) + ", in place of " + sa.localSpi());
    }

    void ended(IkeSa sa, Failure why, boolean wasCurrent) {
        boolean wasUp = sa.establishedAt().isPresent();
        if (why.isFault() && (wasCurrent || !wasUp)) {
            failed(why);
        }
        if (wasUp) {
            down(sa, why);
        }
    }

    private void down(IkeSa sa, Failure why) {
        bench.tell(Event.Level.INFO, policy.name(), "ike-down", "IKE SA " + sa.localSpi() + ": " + why.text());
    }

    /**
     * Tells how the tunnel stands, if that is new.
     *
     * @param connecting whether it is tried, should it not be up
     */
    void tell(Optional<IkeSa> current, boolean connecting) {
        TunnelStatus status = status(current, connecting);
        if (!told.filter(status::equals).isPresent()) {
            told = Optional.of(status);
            bench.emit(new Output.Status(status));
        }
    }

    private TunnelStatus status(Optional<IkeSa> current, boolean connecting) {
        boolean up = current.filter(sa -> !sa.childSas().isEmpty()).isPresent();
        TunnelStatus.State state =
                up ? TunnelStatus.State.UP : connecting ? TunnelStatus.State.CONNECTING : TunnelStatus.State.DOWN;
        return new TunnelStatus(
                policy.name(),
                state,
                current.map(IkeSa::role),
                current.map(sa -> sa.path().local())
                        .orElse(new Endpoint(policy.local(), bench.policy().ikePort())),
                current.map(sa -> sa.path().remote())
                        .orElse(new Endpoint(policy.remote(), bench.policy().ikePort())),
                current.map(IkeSa::describeSuite).orElse(""),
                current.flatMap(IkeSa::proofs),
                current.flatMap(IkeSa::establishedAt),
                expected(current),
                current.map(sa -> sa.childSas().stream().map(ChildSa::status).toList())
                        .orElse(List.of()),
                current.map(sa -> bench.carried().beside(policy.reqId(), sa.childSas()))
                        .orElse(List.of()),
                current.map(this::note).orElseGet(() -> connecting ? "" : waitsFor()),
                lastError);
    }

    /** 1 and one for each CPU that is to have its own, whatever the peer can do. */
    private int expected(Optional<IkeSa> current) {
        int cpus = bench.cpus().online().size();
        int configured = 1 + Math.min(policy.queues().count().orElse(cpus), cpus);
        return current.map(IkeSa::children)
                .filter(SaChildren::isSet)
                .map(SaChildren::expected)
                .orElse(configured);
    }

    /** Who would bring it up. */
    private String waitsFor() {
        return policy.start() == TunnelPolicy.Start.ON_DEMAND ? "the first packet for it brings it up" : "";
    }

    private String note(IkeSa sa) {
        boolean wantsSet = policy.queues().count().orElse(1) != 0;
        if (wantsSet && !sa.children().isSet()) {
            return "one ordinary SA: the peer did not send the notify of " + dialect()
                    + "; does it have per-CPU SAs, and are they switched on?";
        }
        return sa.children().refusal();
    }

    private String dialect() {
        return switch (policy.queues().dialect()) {
            case RFC9611 -> "RFC 9611 (SA_RESOURCE_INFO)";
            case DRAFT_2020 -> "the 2020 draft (NUM_QUEUES)";
        };
    }

    /** What an IKE SA is, for the log. */
    private static String describe(IkeSa sa) {
        String role = sa.role() == TunnelStatus.Role.INITIATOR ? "initiator" : "responder";
        return "IKE SA " + sa.localSpi() + " with " + sa.path().remote() + " as " + role + ", " + sa.describeSuite();
    }
}
