package org.ikev2d.core.sa;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.policy.ChildLifetime;

/** When each Child SA is to be rekeyed, and when it is used no more. */
final class ChildAging {
    private final SaChildren children;
    private final Map<ChildSa, Age> ages = new LinkedHashMap<>();

    ChildAging(SaChildren children) {
        this.children = children;
    }

    void born(ChildSa child) {
        ChildLifetime lifetime = children.sa().policy().childLifetime();
        Workbench bench = children.sa().bench();
        ages.put(child, new Age(bench, lifetime.rekey(), lifetime.life(), Age.sooner(bench, child.ours())));
    }

    void gone(ChildSa child) {
        ages.remove(child);
    }

    /** {@code child} is to be rekeyed now, unless that is under way; or as soon as the peer is sure to have it. */
    void wanted(ChildSa child) {
        Age age = ages.get(child);
        if (age == null) {
            return;
        }
        if (!children.sendsOn(child)) {
            age.soon();
        } else if (age.wanted()) {
            children.sa().enqueue(new RekeyChild(children, child));
        }
    }

    /** There was no need to rekey {@code child} now. */
    void later(ChildSa child) {
        Optional.ofNullable(ages.get(child)).ifPresent(Age::later);
    }

    /** Rekeying {@code child} came to nothing: it is tried again. Returns whether that has gone on for too long. */
    boolean failed(ChildSa child) {
        return Optional.ofNullable(ages.get(child)).filter(Age::failed).isPresent();
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(ages.values().stream().map(Age::due).toList());
    }

    /** Asks for those whose time has come; gives those whose life has ended. */
    List<ChildSa> onTime() {
        List.copyOf(ages.entrySet()).stream()
                .filter(one -> one.getValue().isRekeyDue())
                .forEach(one -> wanted(one.getKey()));
        return ages.entrySet().stream()
                .filter(one -> one.getValue().isOver())
                .map(Map.Entry::getKey)
                .toList();
    }
}
