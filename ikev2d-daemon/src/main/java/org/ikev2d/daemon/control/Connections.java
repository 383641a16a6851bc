package org.ikev2d.daemon.control;

import io.netty.channel.ChannelHandler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** All connections of one control socket, and what they share. Used on the control thread alone, after it was made. */
final class Connections {
    private final ControlLimits limits;
    private final ControlledDaemon daemon;
    private final ControlObserver observer;
    private final Set<ControlConnection> open = new LinkedHashSet<>();
    private volatile Gatekeeper gatekeeper = new Gatekeeper(0, 0);
    private Optional<CompletableFuture<Void>> quiet = Optional.empty();
    private int waiting;

    Connections(ControlLimits limits, ControlledDaemon daemon, ControlObserver observer) {
        this.limits = limits;
        this.daemon = daemon;
        this.observer = observer;
    }

    /** From now on, those whom {@code keeper} lets; before, root alone. */
    void admit(Gatekeeper keeper) {
        gatekeeper = keeper;
    }

    ChannelHandler handler(Peer peer) {
        return new ControlConnection(this, peer);
    }

    ControlLimits limits() {
        return limits;
    }

    ControlledDaemon daemon() {
        return daemon;
    }

    ControlObserver observer() {
        return observer;
    }

    /** Why {@code newcomer} may not stay; when all places are taken, the one that has been idle longest makes way. */
    Optional<BadRequestException> refusal(ControlConnection newcomer, Peer peer) {
        if (!gatekeeper.lets(peer)) {
            observer.refused(peer);
            return Optional.of(ControlConnection.refusal(
                    ErrorCode.NOT_PERMITTED,
                    "uid " + Integer.toUnsignedString(peer.uid()) + " may not control the daemon"));
        }
        if (open.size() >= limits.connections() && !makeRoom()) {
            return Optional.of(ControlConnection.refusal(ErrorCode.TOO_MANY_CONNECTIONS, "try again later"));
        }
        open.add(newcomer);
        return Optional.empty();
    }

    void ended(ControlConnection connection) {
        open.remove(connection);
    }

    /** Moves {@code connection} to the end of the queue of those that may have to go. */
    void touched(ControlConnection connection) {
        if (open.remove(connection)) {
            open.add(connection);
        }
    }

    /** Takes one of the places for changes that wait. */
    boolean startWaiting() {
        if (waiting >= limits.waiting()) {
            return false;
        }
        waiting++;
        return true;
    }

    void stopWaiting() {
        waiting--;
    }

    /** Lets go of everybody: at once, or when what they wait for has come. Completes {@code told} when all were told. */
    void end(CompletableFuture<Void> told) {
        quiet = Optional.of(told);
        answered();
    }

    /** Something that was waited for was answered, and the answer is written. */
    void answered() {
        if (quiet.isPresent() && waiting == 0) {
            List.copyOf(open).forEach(ControlConnection::hangUp);
            quiet.get().complete(null);
        }
    }

    private boolean makeRoom() {
        for (ControlConnection connection : open) {
            if (connection.isIdle()) {
                connection.evict();
                return true;
            }
        }
        return false;
    }
}
