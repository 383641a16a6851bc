package org.ikev2d.core.sa;

import java.util.ArrayDeque;
import java.util.Deque;

/** The exchanges that an IKE SA is still to begin, one after the other. */
final class Agenda {
    private final IkeSa sa;
    private final Deque<Task> tasks = new ArrayDeque<>();

    Agenda(IkeSa sa) {
        this.sa = sa;
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Nothing is more urgent than the end of an IKE SA that is ending. */
    void add(Task task) {
        if (task.isUrgent() && sa.isEstablished()) {
            tasks.addFirst(task);
        } else {
            tasks.addLast(task);
        }
    }

    /** Begins what can be begun, in the order in which it was wished for. */
    void pump() {
        while (!sa.isEnded() && !tasks.isEmpty() && sa.traffic().hasRoomFor(tasks.element())) {
            Task task = tasks.remove();
            task.begin().ifPresent(payloads -> sa.traffic().request(task, payloads));
        }
    }

    /** {@code heir} begins what has not been begun. */
    void moveTo(IkeSa heir) {
        tasks.forEach(task -> task.movedTo(heir).ifPresent(heir::enqueue));
        tasks.clear();
    }

    void drop() {
        tasks.forEach(Task::abandoned);
        tasks.clear();
    }
}
