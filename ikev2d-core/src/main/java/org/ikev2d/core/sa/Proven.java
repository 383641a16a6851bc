package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.engine.TunnelStatus.Proofs;

/** How the ends of an IKE SA, and of those that take its place, have proven who they are, and when. */
final class Proven {
    private Optional<Proof> ours = Optional.empty();
    private Optional<Proof> peers = Optional.empty();
    private Optional<MonoTime> at = Optional.empty();

    void ours(Proof how) {
        ours = Optional.of(how);
    }

    void peers(Proof how) {
        peers = Optional.of(how);
    }

    void done(MonoTime now) {
        at = Optional.of(now);
    }

    Optional<MonoTime> at() {
        return at;
    }

    /** Empty until both have. */
    Optional<Proofs> both() {
        return ours.flatMap(local -> peers.map(remote -> new Proofs(local, remote)));
    }
}
