package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.net.Endpoint;
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
    private Optional<Path> rumoured = Optional.empty();
    private Optional<MonoTime> askedAt = Optional.empty();
    private Optional<NatDetection> found = Optional.empty();
    private boolean mobile;
    private int newestRequest = -1;
    private int newestAnswer = -1;
    private int newestUpdate = -1;

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
        return rumoured.map(other -> List.of(path, other)).orElseGet(() -> List.of(path));
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
            seen(Path.backOf(request));
        }
    }

    /** {@code answer} to our request is proven. */
    void answered(Input.Datagram answer, int messageId) {
        if (messageId > newestAnswer) {
            newestAnswer = messageId;
            seen(Path.backOf(answer));
        }
    }

    /** The kernel says that ESP of a Child SA comes from {@code elsewhere}. */
    public void mapped(Endpoint elsewhere) {
        Path there = path.to(elsewhere);
        boolean lately = askedAt.filter(last -> sa.bench().now().since(last).compareTo(PAUSE) < 0)
                .isPresent();
        if (sa.isEstablished() && mayMove(there) && !lately) {
            askedAt = Optional.of(sa.bench().now());
            rumoured = Optional.of(there);
            if (sa.traffic().isIdle()) {
                sa.checkLiveness();
            } else {
                sa.traffic().askAt(there);
            }
        }
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
            rumoured = Optional.empty();
            sa.enqueue(new CheckReturn(sa));
        }
    }

    /** The peer has been heard from where it says that it is. */
    void confirmed() {
        follow("the peer is at " + path.remote() + " now");
    }

    /** A mobile peer's messages test ways, too: they move nothing (RFC 4555 §3.8). */
    private void seen(Path from) {
        boolean asked = rumoured.filter(from::equals).isPresent();
        rumoured = Optional.empty();
        if ((asked || !mobile) && mayMove(from)) {
            String text = "a NAT has moved the peer from " + path.remote() + " to " + from.remote();
            path = from;
            follow(text);
        }
    }

    /** Who is behind a NAT itself could be led astray by whoever changes an address on the way. */
    private boolean mayMove(Path other) {
        NatDetection nat = nat();
        boolean sameAddress = path.remote().address().equals(other.remote().address());
        return nat.remoteBehindNat()
                && !nat.localBehindNat()
                && !path.equals(other)
                && path.to(other.remote()).equals(other)
                && (sameAddress || sa.policy().mode() == EspMode.TUNNEL);
    }

    private void follow(String why) {
        sa.bench().tell(Event.Level.INFO, sa.tunnelName(), "peer-moved", why + ": all SAs with it follow");
        sa.children().moved();
    }
}
