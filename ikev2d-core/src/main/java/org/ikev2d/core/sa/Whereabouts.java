package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.IpAddress;

/**
 * Between which endpoints an IKE SA's messages go. Where the peer is behind a NAT, and we are not, they follow the peer: a
 * proven message that is not older than others and comes from elsewhere moves the IKE SA and all its Child SAs
 * (RFC 7296 §2.23). ESP from elsewhere is proven as well, but may come from a port where nobody listens, since some send
 * each SA from a port of its own: so the peer is asked there, and its answer moves them. A mobile peer says itself where it is,
 * and is believed when it answers there (RFC 4555).
 */
public final class Whereabouts {
    /** Every packet leads to a word of the kernel's until all have moved; it is taken up so often. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final IkeSa sa;
    private final IpAddress origin;

    private Path path;
    private Optional<Rumour> rumour = Optional.empty();
    private Optional<MonoTime> askedAt = Optional.empty();
    private Optional<NatDetection> found = Optional.empty();
    private boolean mobile;
    private int newestRequest = -1;
    private int newestAnswer = -1;
    private int newestUpdate = -1;

    /**
     * What the kernel has said.
     *
     * @param inbound whose packets come from there
     * @param answer to which request, or a later one, tells whether it is true
     */
    private record Rumour(SaId inbound, Path there, int answer) {}

    Whereabouts(IkeSa sa, Path path) {
        this.sa = sa;
        this.origin = path.remote().address();
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Where the peer was when it began. */
    IpAddress origin() {
        return origin;
    }

    /** What stands between the ends. */
    NatDetection nat() {
        return found.orElseGet(() -> sa.handshake().nat());
    }

    /** Both ends have agreed that the peer says when it has moved. */
    boolean isMobile() {
        return mobile;
    }

    void agreeMobile() {
        mobile = true;
    }

    /** The same as {@code other}'s, whose place its IKE SA takes. */
    void inherit(Whereabouts other) {
        mobile = other.mobile;
        found = other.found;
    }

    /** The ways on which requests go: where the peer is, and where it is said to be. */
    List<Path> ways() {
        return rumour.map(one -> List.of(path, one.there())).orElseGet(() -> List.of(path));
    }

    /** The peer is to be found there from now on; it has no Child SAs yet. */
    void settle(Path current) {
        path = current;
    }

    /** {@code request} of the peer is proven and new. */
    void requested(Input.Datagram request, int messageId) {
        if (sa.owner().isEmpty()) {
            path = Path.backOf(request);
        } else if (messageId > newestRequest) {
            newestRequest = messageId;
            seen(Path.backOf(request), -1);
        }
    }

    /** {@code answer} to our request is proven. */
    void answered(Input.Datagram answer, int messageId) {
        if (messageId > newestAnswer) {
            newestAnswer = messageId;
            seen(Path.backOf(answer), messageId);
        }
    }

    /** The kernel says that ESP of a Child SA comes from elsewhere than it did. */
    public void mapped(KernelEvent.Mapping told) {
        Path there = path.to(told.current());
        // Where any port will do, the first packet tells which it is.
        boolean anyPort = told.previous().port() == 0;
        if (anyPort || !mayMove(there)) {
            if (isSameAddress(there)) {
                comesFrom(told.id(), told.current().port());
            }
        } else if (!isLately()) {
            ask(told.id(), there);
        }
    }

    private boolean isLately() {
        return askedAt.filter(last -> sa.bench().now().since(last).compareTo(PAUSE) < 0)
                .isPresent();
    }

    private void ask(SaId inbound, Path there) {
        askedAt = Optional.of(sa.bench().now());
        boolean idle = sa.traffic().isIdle();
        rumour = Optional.of(new Rumour(inbound, there, idle ? newestAnswer + 1 : Integer.MAX_VALUE));
        if (idle) {
            sa.checkLiveness();
        } else {
            sa.traffic().askAt(there);
        }
    }

    private void comesFrom(SaId inbound, int port) {
        sa.children().all().stream()
                .filter(child -> child.inbound().equals(inbound))
                .forEach(child -> sa.children().pairs().comesFrom(child, path, port));
    }

    /**
     * The peer says that it is there.
     *
     * @param messageId of the request that said so
     * @param seen what that says of NATs on the way
     */
    void updated(Path there, int messageId, NatDetection seen) {
        NatDetection now = seen.supported() ? seen : nat();
        boolean news = messageId > newestUpdate && !(there.equals(path) && now.equals(nat()));
        newestUpdate = Math.max(newestUpdate, messageId);
        if (news) {
            path = there;
            found = Optional.of(now);
            rumour = Optional.empty();
            sa.enqueue(new CheckReturn(sa));
        }
    }

    /** The peer has been heard from where it says that it is. */
    void confirmed() {
        follow("the peer is at " + path.remote() + " now");
    }

    /** A mobile peer's messages test ways, too: they move nothing (RFC 4555 §3.8). */
    private void seen(Path from, int answer) {
        Optional<Rumour> before = rumour;
        rumour = Optional.empty();
        boolean asked = before.filter(one -> one.there().equals(from)).isPresent();
        if ((asked || !mobile) && mayMove(from)) {
            String text = "a NAT has moved the peer from " + path.remote() + " to " + from.remote();
            path = from;
            follow(text);
        } else if (from.equals(path)) {
            // Asked at both places it answers where it has been: the port is that one SA's.
            before.filter(one -> answer >= one.answer() && isSameAddress(one.there()))
                    .ifPresent(
                            one -> comesFrom(one.inbound(), one.there().remote().port()));
        }
    }

    private boolean isSameAddress(Path other) {
        return path.remote().address().equals(other.remote().address());
    }

    /** Who is behind a NAT itself could be led astray by whoever changes an address on the way. */
    private boolean mayMove(Path other) {
        NatDetection nat = nat();
        return nat.remoteBehindNat()
                && !nat.localBehindNat()
                && !path.equals(other)
                && path.to(other.remote()).equals(other)
                && (isSameAddress(other) || sa.policy().mode() == EspMode.TUNNEL);
    }

    private void follow(String why) {
        sa.bench().tell(Event.Level.INFO, sa.tunnelName(), "peer-moved", why + ": all SAs with it follow");
        sa.children().moved();
    }
}
