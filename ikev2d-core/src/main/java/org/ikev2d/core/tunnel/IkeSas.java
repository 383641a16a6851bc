package org.ikev2d.core.tunnel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.IkeState;
import org.ikev2d.core.sa.SaChildren;

/** A tunnel's IKE SAs, and which of them is the current one: its Child SAs are to carry the traffic. */
final class IkeSas {
    private final List<IkeSa> sas = new ArrayList<>();
    private Optional<IkeSa> current = Optional.empty();

    List<IkeSa> all() {
        return List.copyOf(sas);
    }

    List<IkeSa> where(Predicate<IkeSa> which) {
        return sas.stream().filter(which).toList();
    }

    boolean isEmpty() {
        return sas.isEmpty();
    }

    boolean areAll(Predicate<IkeSa> state) {
        return sas.stream().allMatch(state);
    }

    Optional<IkeSa> current() {
        return current;
    }

    boolean isCurrent(IkeSa sa) {
        return current.filter(sa::equals).isPresent();
    }

    /** Of the current one. */
    Optional<SaChildren> children() {
        return current.map(IkeSa::children);
    }

    /** Whether the current one has a Child SA. */
    boolean isUp() {
        return current.filter(sa -> !sa.childSas().isEmpty()).isPresent();
    }

    boolean know(SaId id) {
        return sas.stream().anyMatch(sa -> sa.children().knows(id));
    }

    /** Whether another than {@code sa} has Child SAs. */
    boolean carryBeside(IkeSa sa) {
        return sas.stream()
                .anyMatch(other -> other != sa
                        && other.isEstablished()
                        && !other.childSas().isEmpty());
    }

    /** One that is under way, or has come up already. */
    void add(IkeSa sa) {
        if (!sas.contains(sa)) {
            sas.add(sa);
        }
    }

    /**
     * {@code sa} has come up beside those that there are.
     *
     * @param initialContact whether the peer knows of no other
     * @param retire ends one of them in due form
     */
    void established(IkeSa sa, boolean initialContact, BiConsumer<IkeSa, Failure> retire) {
        for (IkeSa other : all()) {
            if (other != sa) {
                Rivalry.meet(sa, other, initialContact, retire);
            }
        }
        elect();
    }

    /** The one to keep of those that are up becomes the current one. */
    void elect() {
        current = Rivalry.survivor(sas);
    }

    /** None is to carry the traffic. */
    void forsake() {
        current = Optional.empty();
    }

    /** {@code sa} is no more. Returns whether it was the current one. */
    boolean ended(IkeSa sa, Failure why) {
        boolean wasCurrent = isCurrent(sa);
        if (wasCurrent) {
            // Those whose place it had taken are of no use without it, nor is a redundant one.
            where(one -> one.state() == IkeState.REKEYED || one.state() == IkeState.HEIR)
                    .forEach(one -> one.end(why));
        }
        sas.remove(sa);
        if (wasCurrent) {
            elect();
        }
        return wasCurrent;
    }
}
