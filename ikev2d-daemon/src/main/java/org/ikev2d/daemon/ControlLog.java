package org.ikev2d.daemon;

import org.ikev2d.core.engine.Event;
import org.ikev2d.daemon.control.Change;
import org.ikev2d.daemon.control.ControlObserver;
import org.ikev2d.daemon.control.Peer;
import org.ikev2d.daemon.control.Request;
import org.ikev2d.daemon.observe.EventLog;

/** Writes what operators do into the log. */
record ControlLog(EventLog log) implements ControlObserver {
    @Override
    public void changed(Change change) {
        String what = change.operation().word()
                + (change.operation() == Request.Operation.STOP && change.keep() ? " --keep" : "");
        log.tell(new Event(Event.Level.INFO, change.tunnel(), "operator", what + " asked for by " + name(change.by())));
    }

    @Override
    public void refused(Peer peer) {
        log.tell(
                new Event(Event.Level.WARN, "", "control-refused", name(peer) + " has no right to the control socket"));
    }

    @Override
    public void failed(Throwable cause) {
        log.fault("control-fault", "a fault of ikev2d's own at the control socket", cause);
    }

    private static String name(Peer peer) {
        return "uid " + peer.uid() + ", pid " + peer.pid();
    }
}
