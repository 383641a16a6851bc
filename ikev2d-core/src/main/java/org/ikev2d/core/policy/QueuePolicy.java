package org.ikev2d.core.policy;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * The per-queue Child SAs that a tunnel wants.
 *
 * @param count per-CPU SAs wanted, 0 to 1024: 0 for an ordinary Child SA; empty: the CPUs online
 * @param limit per-CPU SAs accepted, the first SA not counted, at most {@link #CEILING}; empty: twice the CPUs online
 * @param idleTimeout after which a per-CPU SA is deleted that has carried nothing; zero: never
 * @param numQueuesType the private-use notify type of the draft's NUM_QUEUES
 * @param queueInfoType the private-use notify type of the draft's QUEUE_INFO
 */
public record QueuePolicy(
        OptionalInt count,
        Mode mode,
        Dialect dialect,
        OptionalInt limit,
        Duration idleTimeout,
        int numQueuesType,
        int queueInfoType) {
    public static final int CEILING = 1024;

    /** Private use; the numbers under which the later drafts' prototypes went. */
    public static final int DEFAULT_NUM_QUEUES_TYPE = 40970;

    public static final int DEFAULT_QUEUE_INFO_TYPE = 40971;

    public static final QueuePolicy DEFAULT = new QueuePolicy(
            OptionalInt.empty(),
            Mode.EAGER,
            Dialect.RFC9611,
            OptionalInt.empty(),
            Duration.ZERO,
            DEFAULT_NUM_QUEUES_TYPE,
            DEFAULT_QUEUE_INFO_TYPE);

    /** When per-CPU SAs are made. */
    public enum Mode {
        /** All at once, without waiting for traffic. */
        EAGER,
        /** As each CPU sends its first packet. */
        ON_DEMAND
    }

    /** How the two ends speak of them. */
    public enum Dialect {
        /** SA_RESOURCE_INFO and TS_MAX_QUEUE. */
        RFC9611,
        /** NUM_QUEUES and QUEUE_INFO of draft-pwouters-multi-sa-performance-00. */
        DRAFT_2020
    }
}
