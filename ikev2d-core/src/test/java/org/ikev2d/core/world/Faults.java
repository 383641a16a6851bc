package org.ikev2d.core.world;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Which operations of a {@link FakeKernel} are to fail. */
public final class Faults {
    private final List<Fault> pending = new ArrayList<>();

    private static final class Fault {
        private final String part;
        private final int errno;
        private int left;

        private Fault(String part, int nth, int errno) {
            this.part = part;
            this.left = nth;
            this.errno = errno;
        }
    }

    /** The {@code nth} operation from now (1: the next) fails. */
    public void failAt(int nth, int errno) {
        failAt("", nth, errno);
    }

    /** The {@code nth} from now of the operations whose log line contains {@code part} fails: {@code "NEWSA out"}. */
    public void failAt(String part, int nth, int errno) {
        pending.add(new Fault(part, nth, errno));
    }

    /** Whether every one told of has happened. */
    public boolean allHappened() {
        return pending.isEmpty();
    }

    public void forget() {
        pending.clear();
    }

    Optional<Integer> errnoFor(String operation) {
        Optional<Integer> errno = Optional.empty();
        for (Iterator<Fault> each = pending.iterator(); each.hasNext(); ) {
            Fault fault = each.next();
            if (operation.contains(fault.part) && --fault.left == 0) {
                each.remove();
                errno = Optional.of(fault.errno);
            }
        }
        return errno;
    }
}
