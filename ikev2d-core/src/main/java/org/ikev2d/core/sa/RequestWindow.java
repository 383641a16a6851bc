package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.policy.RetransmitSchedule;
import org.ikev2d.core.registry.ExchangeType;

/** The requests that we have under way: a window of one (RFC 7296 §2.1 to 2.3). */
final class RequestWindow {
    private final RetransmitSchedule schedule;

    private int nextId;
    private Optional<Pending> pending = Optional.empty();

    RequestWindow(RetransmitSchedule schedule) {
        this.schedule = schedule;
    }

    /**
     * @param datagrams the message, or its fragments, sent again to the letter
     * @param sent how often, 1 upwards
     * @param until when the peer is given up; empty: after the schedule's last wait
     */
    private record Pending(
            int messageId, Task task, List<Bytes> datagrams, int sent, Optional<MonoTime> until, MonoTime due) {}

    boolean isFree() {
        return pending.isEmpty();
    }

    int nextId() {
        return nextId;
    }

    /** IKE_SA_INIT is begun anew with a cookie or another key exchange: message ID 0 again (RFC 7296 §2.6). */
    void restart() {
        nextId = 0;
    }

    /** @param patience how long the answer is waited for; empty: as long as the schedule has it */
    void sent(Task task, List<Bytes> datagrams, MonoTime now, Optional<Duration> patience) {
        Optional<MonoTime> until = patience.map(now::plus);
        pending = Optional.of(new Pending(nextId, task, List.copyOf(datagrams), 1, until, due(now, 1, until)));
        nextId++;
    }

    private MonoTime due(MonoTime now, int sent, Optional<MonoTime> until) {
        MonoTime due = now.plus(schedule.waitAfter(sent));
        return until.filter(due::isAfter).orElse(due);
    }

    /** The task that waits for the answer {@code messageId} of {@code exchange}. */
    Optional<Task> waiting(int messageId, int exchange) {
        return pending.filter(one -> one.messageId() == messageId)
                .map(Pending::task)
                .filter(task -> task.exchange().code() == exchange);
    }

    /** The answer has come. */
    void answered() {
        pending = Optional.empty();
    }

    Optional<MonoTime> due() {
        return pending.map(Pending::due);
    }

    /** Whether the last wait is over: the peer is given up. */
    boolean isExhausted(MonoTime now) {
        return isDue(now) && isLast(pending.orElseThrow(), now);
    }

    private boolean isLast(Pending one, MonoTime now) {
        return one.until().map(end -> !end.isAfter(now)).orElseGet(() -> schedule.exhausted(one.sent()));
    }

    /** What is to be sent again now, if anything. */
    List<Bytes> resend(MonoTime now) {
        if (!isDue(now)) {
            return List.of();
        }
        Pending one = pending.orElseThrow();
        int sent = one.sent() + 1;
        pending = Optional.of(new Pending(
                one.messageId(), one.task(), one.datagrams(), sent, one.until(), due(now, sent, one.until())));
        return one.datagrams();
    }

    /** How often the request under way was sent, and which it is, for a person. */
    String describe() {
        return pending.map(one -> {
                    ExchangeType exchange = one.task().exchange();
                    return exchange + " request " + one.messageId() + " was sent " + one.sent() + " times";
                })
                .orElse("no request is under way");
    }

    /** Gives up what is under way. */
    void close() {
        pending.map(Pending::task).ifPresent(Task::abandoned);
        pending = Optional.empty();
    }

    private boolean isDue(MonoTime now) {
        return pending.filter(one -> !one.due().isAfter(now)).isPresent();
    }
}
