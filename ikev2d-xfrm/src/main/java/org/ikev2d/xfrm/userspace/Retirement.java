package org.ikev2d.xfrm.userspace;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * States that were taken out of the tables, but that workers may still be at. When every worker has been seen with
 * younger tables, or idle, their keys are erased. Any thread.
 */
final class Retirement {
    private final List<Retired> waiting = new ArrayList<>();

    /** @param gone the version of the first tables without it */
    private record Retired(State state, long gone) {}

    synchronized void add(State state, long gone) {
        waiting.add(new Retired(state, gone));
    }

    /** @param oldest version that a worker may still read; {@link Long#MAX_VALUE}: none reads any */
    synchronized void close(long oldest) {
        waiting.removeIf(retired -> {
            boolean unused = oldest >= retired.gone();
            if (unused) {
                retired.state().close();
            }
            return unused;
        });
    }

    /** No worker runs any more; also {@code others} are done with. */
    synchronized void closeAll(Collection<State> others) {
        close(Long.MAX_VALUE);
        others.forEach(State::close);
    }
}
