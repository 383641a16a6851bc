package org.ikev2d.core.exchange;

import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/**
 * The notifies of per-queue Child SAs in both dialects: RFC 9611 §5, and draft-pwouters-multi-sa-performance-00 §5
 * (NUM_QUEUES is two u16: preferred and maximum; QUEUE_INFO is opaque).
 */
public final class QueueNotices {
    private final QueuePolicy policy;

    public QueueNotices(QueuePolicy policy) {
        this.policy = policy;
    }

    /**
     * How many per-CPU SAs one end wants, the first SA not counted.
     *
     * @param preferred 1 to 65535; a 0 on the wire counts as 1
     * @param max likewise
     */
    public record NumQueues(int preferred, int max) {
        public NumQueues {
            preferred = Math.max(1, preferred);
            max = Math.max(1, max);
        }

        /** The highest preference, up to the lowest maximum. */
        public int agree(NumQueues other) {
            return Math.min(Math.max(preferred, other.preferred), Math.min(max, other.max));
        }
    }

    /** What a message says of a set, in the dialect to answer in. */
    public record Notice(Dialect dialect, Optional<NumQueues> numQueues) {}

    /** The notify that goes with a set's first SA. */
    public Payload first(Dialect dialect, NumQueues ours) {
        return switch (dialect) {
            case RFC9611 -> Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
            case DRAFT_2020 ->
                new Payload.Notify(
                        0,
                        Bytes.empty(),
                        policy.numQueuesType(),
                        new ByteWriter().u16(ours.preferred()).u16(ours.max()).toBytes());
        };
    }

    /** The notify that goes with each further SA: no identifier, which would tell of our hardware (RFC 9611 §7). */
    public Payload further(Dialect dialect) {
        return switch (dialect) {
            case RFC9611 -> Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
            case DRAFT_2020 -> new Payload.Notify(0, Bytes.empty(), policy.queueInfoType(), Bytes.empty());
        };
    }

    /** What {@code message} says of the set whose first SA it makes; RFC 9611 is answered before the draft. */
    public Optional<Notice> firstIn(Payloads message) {
        if (message.has(NotifyType.SA_RESOURCE_INFO)) {
            return Optional.of(new Notice(Dialect.RFC9611, Optional.empty()));
        }
        return message.notify(policy.numQueuesType())
                .filter(data -> data.size() == 4)
                .map(data -> new Notice(Dialect.DRAFT_2020, Optional.of(new NumQueues(u16(data, 0), u16(data, 2)))));
    }

    /** Whether {@code message} asks for, or grants, a further SA of a set that speaks {@code dialect}. */
    public boolean isFurther(Payloads message, Dialect dialect) {
        return switch (dialect) {
            case RFC9611 -> message.has(NotifyType.SA_RESOURCE_INFO);
            // The draft lets the notify be left out; the set was agreed on with its first SA.
            case DRAFT_2020 -> true;
        };
    }

    /** How a request for one SA too many is refused. */
    public static Refusal tooMany(Dialect dialect, int limit) {
        String text = "the set has its " + limit + " per-CPU SAs";
        return switch (dialect) {
            case RFC9611 -> new Refusal(NotifyType.TS_MAX_QUEUE, text);
            case DRAFT_2020 -> new Refusal(NotifyType.TS_UNACCEPTABLE, text);
        };
    }

    private static int u16(Bytes data, int at) {
        return (data.at(at) << 8) | data.at(at + 1);
    }
}
