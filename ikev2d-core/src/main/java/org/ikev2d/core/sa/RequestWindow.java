package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.policy.RetransmitSchedule;
import org.ikev2d.core.registry.ExchangeType;

/** The requests that we have under way: one, or as many as the peer keeps answers for (RFC 7296 §2.1 to 2.3). */
final class RequestWindow {
    private final RetransmitSchedule schedule;
    /** By message ID, in the order of their first sending. */
    private final Map<Integer, Pending> pending = new LinkedHashMap<>();

    private int nextId;

    RequestWindow(RetransmitSchedule schedule) {
        this.schedule = schedule;
    }

    /**
     * @param datagrams the message, or its fragments, sent again to the letter
     * @param sent how often, 1 upwards
     * @param until when the peer is given up; empty: after the schedule's last wait
     */
    private record Pending(
            int messageId, Task task, List<Bytes> datagrams, int sent, Optional<MonoTime> until, MonoTime due) {
        boolean isDue(MonoTime now) {
            return !due.isAfter(now);
        }
    }

    /** Whether nothing is under way. */
    boolean isIdle() {
        return pending.isEmpty();
    }

    /**
     * Whether {@code task} may begin: it, or one that is under way, may want to be alone; and a request may be sent when the
     * answers to all that are {@code size} before it have come.
     */
    boolean hasRoomFor(Task task, int size) {
        return pending.isEmpty()
                || (!task.isAlone()
                        && pending.values().stream().noneMatch(one -> one.task().isAlone())
                        && nextId - pending.keySet().iterator().next() < size);
    }

    int nextId() {
        return nextId;
    }

    /** IKE_SA_INIT is begun anew with a cookie or another key exchange: message ID 0 again (RFC 7296 §2.6). */
    void restart() {
        pending.clear();
        nextId = 0;
    }

    /** @param patience how long the answer is waited for; empty: as long as the schedule has it */
    void sent(Task task, List<Bytes> datagrams, MonoTime now, Optional<Duration> patience) {
        Optional<MonoTime> until = patience.map(now::plus);
        pending.put(nextId, new Pending(nextId, task, List.copyOf(datagrams), 1, until, due(now, 1, until)));
        nextId++;
    }

    private MonoTime due(MonoTime now, int sent, Optional<MonoTime> until) {
        MonoTime due = now.plus(schedule.waitAfter(sent));
        return until.filter(due::isAfter).orElse(due);
    }

    /** The task that waits for the answer {@code messageId} of {@code exchange}. */
    Optional<Task> waiting(int messageId, int exchange) {
        return Optional.ofNullable(pending.get(messageId))
                .map(Pending::task)
                .filter(task -> task.exchange().code() == exchange);
    }

    /** The octets of those whose answers have not come. */
    List<Bytes> unanswered() {
        return pending.values().stream()
                .flatMap(one -> one.datagrams().stream())
                .toList();
    }

    /** Those whose answers have not come. */
    List<Task> underWay() {
        return pending.values().stream().map(Pending::task).toList();
    }

    /** The answer {@code messageId} has come. */
    void answered(int messageId) {
        pending.remove(messageId);
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(
                pending.values().stream().map(one -> Optional.of(one.due())).toList());
    }

    /** Whether the last wait for an answer is over, and for which, for a person: the peer is given up. */
    Optional<String> exhausted(MonoTime now) {
        return pending.values().stream()
                .filter(one -> one.isDue(now) && isLast(one, now))
                .map(RequestWindow::describe)
                .findFirst();
    }

    private boolean isLast(Pending one, MonoTime now) {
        return one.until().map(end -> !end.isAfter(now)).orElseGet(() -> schedule.exhausted(one.sent()));
    }

    private static String describe(Pending one) {
        ExchangeType exchange = one.task().exchange();
        return exchange + " request " + one.messageId() + " was sent " + one.sent() + " times";
    }

    /** Whether something under way was sent more than once. */
    boolean isRepeated() {
        return pending.values().stream().anyMatch(one -> one.sent() > 1);
    }

    /** What is to be sent again now, if anything. */
    List<Bytes> resend(MonoTime now) {
        List<Bytes> datagrams = new ArrayList<>();
        pending.replaceAll((id, one) -> {
            if (!one.isDue(now)) {
                return one;
            }
            datagrams.addAll(one.datagrams());
            int sent = one.sent() + 1;
            return new Pending(id, one.task(), one.datagrams(), sent, one.until(), due(now, sent, one.until()));
        });
        return datagrams;
    }

    /** Gives up what is under way. */
    void close() {
        List<Pending> left = List.copyOf(pending.values());
        pending.clear();
        left.forEach(one -> one.task().abandoned());
    }
}
