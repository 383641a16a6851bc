package org.ikev2d.core.scenario;

import java.time.Duration;
import java.util.OptionalInt;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;

/** Per-queue policies that differ from the default in few things. */
final class Queues {
    private Queues() {}

    static QueuePolicy of(Mode mode, Dialect dialect) {
        return of(OptionalInt.empty(), mode, dialect, OptionalInt.empty());
    }

    static QueuePolicy count(int wanted, Mode mode, Dialect dialect) {
        return of(OptionalInt.of(wanted), mode, dialect, OptionalInt.empty());
    }

    static QueuePolicy limit(int accepted, Mode mode, Dialect dialect) {
        return of(OptionalInt.empty(), mode, dialect, OptionalInt.of(accepted));
    }

    static QueuePolicy of(OptionalInt count, Mode mode, Dialect dialect, OptionalInt limit) {
        return of(count, mode, dialect, limit, Duration.ZERO);
    }

    static QueuePolicy idle(Duration timeout, Mode mode, Dialect dialect) {
        return of(OptionalInt.empty(), mode, dialect, OptionalInt.empty(), timeout);
    }

    private static QueuePolicy of(OptionalInt count, Mode mode, Dialect dialect, OptionalInt limit, Duration idle) {
        return new QueuePolicy(
                count,
                mode,
                dialect,
                limit,
                idle,
                QueuePolicy.DEFAULT_NUM_QUEUES_TYPE,
                QueuePolicy.DEFAULT_QUEUE_INFO_TYPE);
    }
}
