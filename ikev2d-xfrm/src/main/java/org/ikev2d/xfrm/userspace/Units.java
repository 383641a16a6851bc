package org.ikev2d.xfrm.userspace;

import java.util.List;
import java.util.OptionalInt;
import org.ikev2d.core.kernel.CpuId;

/**
 * What there is an SA of a set for, one for each queue in order: CPUs where the CPU that sends decides on the queue, else
 * the queues themselves.
 */
record Units(List<CpuId> inOrder) {
    Units {
        inOrder = List.copyOf(inOrder);
    }

    int count() {
        return inOrder.size();
    }

    CpuId of(int queue) {
        return inOrder.get(queue);
    }

    /** Empty where no queue is for it. */
    OptionalInt queueOf(CpuId unit) {
        int queue = inOrder.indexOf(unit);
        return queue < 0 ? OptionalInt.empty() : OptionalInt.of(queue);
    }
}
