package org.ikev2d.daemon.control;

/** Is told what happens at the control socket, for the log. Called on the control thread. */
public interface ControlObserver {
    /** An operator asked for a change; it is about to be made. */
    void changed(Change change);

    /** Somebody without the right to it connected, and was sent away. */
    void refused(Peer peer);

    /** A fault of ours; the client was told {@code internal}. */
    void failed(Throwable cause);
}
