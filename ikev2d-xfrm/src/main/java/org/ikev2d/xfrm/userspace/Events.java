package org.ikev2d.xfrm.userspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.kernel.KernelEvent;

/** What the data plane tells unasked; kept until somebody listens. Any thread. */
final class Events {
    private final List<KernelEvent> kept = new ArrayList<>();
    private Optional<Consumer<KernelEvent>> listener = Optional.empty();

    /** The listener does not wait. */
    synchronized void tell(KernelEvent event) {
        if (listener.isPresent()) {
            listener.get().accept(event);
        } else {
            kept.add(event);
        }
    }

    /** Once. */
    synchronized void listen(Consumer<KernelEvent> other) {
        listener = Optional.of(other);
        kept.forEach(other);
        kept.clear();
    }
}
