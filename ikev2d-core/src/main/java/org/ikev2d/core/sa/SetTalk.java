package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.QueueNotices;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.wire.Payload;

/** How the two ends speak of one IKE SA's set, in the notifies of its Child SAs. */
final class SetTalk {
    private final SaChildren children;
    private final ChildSet set;
    private final QueueNotices notices;

    SetTalk(SaChildren children, ChildSet set) {
        this.children = children;
        this.set = set;
        this.notices = new QueueNotices(policy());
    }

    private QueuePolicy policy() {
        return children.sa().policy().queues();
    }

    private Cpus cpus() {
        return children.sa().bench().cpus();
    }

    private boolean isWanted() {
        return policy().count().orElse(1) != 0;
    }

    /** The notify of the dialect that our tunnel names, for a set's first SA; empty when it wants none. */
    Optional<Payload> offer() {
        return isWanted() ? Optional.of(notices.first(policy().dialect(), set.numQueues(cpus()))) : Optional.empty();
    }

    /** The peer's answer to {@link #offer}: a set is made when it has our dialect's notify. */
    void agreed(Payloads answer) {
        if (isWanted()) {
            notices.firstIn(answer)
                    .filter(notice -> notice.dialect() == policy().dialect())
                    .ifPresent(notice -> set.agree(notice.dialect(), notice.numQueues(), cpus()));
        }
    }

    /** The set's first notify in {@code message}, if it has one and we make sets: agrees, and gives ours. */
    Optional<Payload> agree(Payloads message) {
        return !isWanted()
                ? Optional.empty()
                : notices.firstIn(message).map(notice -> {
                    set.agree(notice.dialect(), notice.numQueues(), cpus());
                    return notices.first(notice.dialect(), set.numQueues(cpus()));
                });
    }

    /** The notify of a further SA. */
    Payload further(Dialect dialect) {
        return notices.further(dialect);
    }

    /** Whether {@code message} asks for, or grants, a further SA of a set that speaks {@code dialect}. */
    boolean isFurther(Payloads message, Dialect dialect) {
        return notices.isFurther(message, dialect);
    }

    /** The notify that goes with the rekeying of an SA; of an ordinary one none, and the draft has none for the first. */
    Optional<Payload> rekeying(ChildKind kind) {
        return set.dialect()
                .filter(dialect -> kind == ChildKind.PER_CPU || dialect == Dialect.RFC9611)
                .map(notices::further);
    }
}
