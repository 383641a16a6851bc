package org.ikev2d.daemon.control;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what the control socket told. */
public final class Recorder implements ControlObserver {
    final List<Change> changes = new CopyOnWriteArrayList<>();
    final List<Peer> refused = new CopyOnWriteArrayList<>();
    final List<Throwable> faults = new CopyOnWriteArrayList<>();

    @Override
    public synchronized void changed(Change change) {
        changes.add(change);
        notifyAll();
    }

    /** Returns when there were {@code count} changes. */
    synchronized void awaitChanges(int count) throws InterruptedException {
        while (changes.size() < count) {
            wait();
        }
    }

    @Override
    public void refused(Peer peer) {
        refused.add(peer);
    }

    @Override
    public void failed(Throwable cause) {
        faults.add(cause);
    }
}
