package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;

/**
 * Rekeying of Child SAs by us: which are under way, what becomes of them, and which old ones the peer was asked to delete.
 * Of these the outbound half is gone and the inbound one takes what the peer has sent before it heard of it
 * (RFC 7296 §2.8, §2.25.1).
 */
final class ChildRekeys {
    private final SaChildren children;
    private final ChildAging aging;

    private final Map<ChildSa, RekeyChild> underWay = new LinkedHashMap<>();
    private final List<ChildSa> closing = new ArrayList<>();
    private boolean remakingFirst;

    ChildRekeys(SaChildren children, ChildAging aging) {
        this.children = children;
        this.aging = aging;
    }

    void begun(RekeyChild task) {
        underWay.put(task.old(), task);
    }

    void ended(RekeyChild task) {
        underWay.remove(task.old());
    }

    /** The peer has rekeyed {@code old}: we have granted {@code fresh}. */
    void granted(ChildSa old, ChildSa fresh, Bytes lowerNonce) {
        Optional.ofNullable(underWay.get(old)).ifPresent(task -> task.crossed(fresh, lowerNonce));
        children.set().supersede(old, fresh);
    }

    /** Whether the peer was asked to delete the pair whose outbound half {@code spi} names. */
    boolean isClosing(EspSpi spi) {
        return closing.stream().anyMatch(child -> child.outbound().spi().equals(spi));
    }

    /** Whether {@code id} is the half that is left of such a pair. */
    boolean knows(SaId id) {
        return closing.stream().anyMatch(child -> child.inbound().equals(id));
    }

    /** The peer, or an end of {@code old}, was quicker. */
    void nothingToDo(ChildSa old) {
        aging.later(old);
    }

    /**
     * {@code fresh} takes the place of {@code old}, which the peer is told.
     *
     * @param redundant what the peer has made of {@code old} at the same time, and will delete
     */
    void replaced(ChildSa old, ChildSa fresh, Optional<ChildSa> redundant) {
        ChildSet set = children.set();
        boolean present = set.contains(old);
        if (present) {
            set.replace(old, fresh);
        } else {
            set.add(fresh);
        }
        redundant.filter(set::contains).ifPresent(other -> set.supersede(other, fresh));
        aging.gone(old);
        aging.born(fresh);
        children.changed();
        if (present) {
            close(old);
        }
    }

    /** Nothing is sent on {@code child} any more, and the peer is asked to delete it. */
    void close(ChildSa child) {
        children.pairs().removeOutbound(children.sa().policy(), child);
        announce(child);
    }

    private void announce(ChildSa child) {
        closing.add(child);
        children.sa().enqueue(new DeleteChild(children.sa(), child.inbound().spi(), () -> closed(child)));
    }

    private void closed(ChildSa child) {
        closing.remove(child);
        children.pairs().removeInbound(children.sa().policy(), child);
    }

    /** {@code old} could not be rekeyed this time. */
    void failed(ChildSa old, String why) {
        tell(old, "could not be rekeyed: " + why);
        if (aging.failed(old) && old.kind() != ChildKind.PER_CPU) {
            children.sa().owner().orElseThrow().wornOut(children.sa());
        }
    }

    /** The peer would not have {@code old} rekeyed. */
    void refused(ChildSa old, Payload.Notify error) {
        Failure why = PeerErrors.explain(
                error, ExchangeType.CREATE_CHILD_SA, children.sa().policy());
        if (error.notifyType() == NotifyType.TEMPORARY_FAILURE.code()) {
            failed(old, why.text());
        } else if (error.notifyType() == NotifyType.CHILD_SA_NOT_FOUND.code()) {
            tell(old, "is not there at the peer: it is made anew");
            children.forget(old);
            remake(old);
        } else if (old.kind() == ChildKind.PER_CPU) {
            tell(old, "is made anew, since the peer would not rekey it: " + why.text());
            children.set().remove(old);
            aging.gone(old);
            close(old);
            remake(old);
        } else {
            tell(old, "cannot be rekeyed, so the IKE SA is made anew: " + why.text());
            aging.failed(old);
            children.sa().owner().orElseThrow().wornOut(children.sa());
        }
    }

    /** Deletes per-CPU SAs that are of no use; what the peer still sends on them is taken. */
    void retire(List<ChildSa> useless, String why) {
        for (ChildSa child : useless) {
            children.set().remove(child);
            aging.gone(child);
            close(child);
            String text = "Child SA " + child.inbound().spi() + " of CPU "
                    + child.cpu().orElseThrow() + " is deleted: " + why;
            bench().tell(Event.Level.INFO, children.sa().policy().name(), "child-retired", text);
        }
        if (!useless.isEmpty()) {
            children.changed();
        }
    }

    /** The kernel has a half of {@code lost} no more; what the peer sends until it hears of that is taken by the other. */
    void lost(List<ChildSa> lost) {
        for (ChildSa child : lost) {
            children.set().remove(child);
            aging.gone(child);
            close(child);
        }
        ended(lost, "child-lost", "is not in the kernel any more");
    }

    /** The lives of {@code expired} are over: nothing is sent or taken on them any more. */
    void expired(List<ChildSa> expired) {
        for (ChildSa child : expired) {
            children.forget(child);
            announce(child);
        }
        ended(expired, "child-expired", "has reached the end of its life");
    }

    private void ended(List<ChildSa> ended, String code, String why) {
        for (ChildSa child : ended) {
            String text = "Child SA " + child.inbound().spi() + " " + why + ": it is made anew";
            bench().tell(Event.Level.WARN, children.sa().policy().name(), code, text);
        }
        if (!ended.isEmpty()) {
            children.growth().reconsider();
            children.changed();
        }
    }

    /** Asks for another in the place of {@code gone}, which has no successor. */
    private void remake(ChildSa gone) {
        if (gone.kind() == ChildKind.PER_CPU) {
            gone.cpu().ifPresent(children.growth()::remake);
        } else {
            remakingFirst = true;
            children.sa().enqueue(new CreateFirst(children.sa()));
        }
        children.changed();
    }

    /** Whether an SA for every CPU is asked for in the place of one that is gone. */
    boolean isRemakingFirst() {
        return remakingFirst;
    }

    void added() {
        remakingFirst = false;
    }

    private Workbench bench() {
        return children.sa().bench();
    }

    private void tell(ChildSa child, String what) {
        String text = "Child SA " + child.inbound().spi() + " " + what;
        children.sa().bench().tell(Event.Level.WARN, children.sa().policy().name(), "child-rekey", text);
    }
}
