package org.ikev2d.daemon;

import java.util.Optional;
import org.ikev2d.core.engine.Event;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.xfrm.userspace.Faults;

/** Logs what goes wrong in user space, and ends the daemon where it cannot go on. Any thread. */
final class UserspaceFaults implements Faults {
    private final EventLog log;
    private volatile Optional<Ending> ending = Optional.empty();

    UserspaceFaults(EventLog log) {
        this.log = log;
    }

    /** What there is to end, once there is. */
    void ending(Ending other) {
        ending = Optional.of(other);
    }

    @Override
    public void tell(String what, Exception fault) {
        log.fault("dataplane-fault", what, fault);
    }

    @Override
    public void over(String why) {
        ending.ifPresentOrElse(
                found -> found.fail("dataplane-ended", why),
                () -> log.tell(new Event(Event.Level.WARN, "", "dataplane-ended", why)));
    }
}
