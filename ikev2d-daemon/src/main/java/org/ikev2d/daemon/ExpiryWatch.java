package org.ikev2d.daemon;

import java.time.InstantSource;
import java.util.List;
import org.ikev2d.core.engine.Event;
import org.ikev2d.daemon.config.Validity;
import org.ikev2d.daemon.control.Warning;
import org.ikev2d.daemon.observe.EventLog;

/**
 * Says of what is about to end, or has ended, that tunnels live by: certificates and lists. Any thread.
 *
 * @param clock what day it is
 */
record ExpiryWatch(LiveConfig config, EventLog log, InstantSource clock) {
    private List<Validity> due() {
        return config.current().validities(clock.instant()).stream()
                .filter(one -> one.state() != Validity.State.FINE)
                .toList();
    }

    /** Into the log. */
    void tell() {
        due().forEach(one -> log.tell(new Event(Event.Level.WARN, one.tunnel(), one.code(), one.text())));
    }

    List<Warning> warnings(String tunnel) {
        return due().stream()
                .filter(one -> one.tunnel().equals(tunnel))
                .map(one -> new Warning(one.code(), one.text()))
                .toList();
    }
}
