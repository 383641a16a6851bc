package org.ikev2d.core.sa;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.wire.IkeSpi;

/**
 * An IKE SA's keys, and how they come about: from IKE_SA_INIT, and where more key exchanges were agreed on (RFC 9370) anew
 * from each IKE_INTERMEDIATE, whose messages AUTH covers too (RFC 9242 §3.3.2). Owns the keys.
 */
final class Keying implements AutoCloseable {
    private final Algorithms algorithms;
    private final IkeSuite suite;
    private final Handshake handshake;
    private final IkeSpi initiator;
    private final IkeSpi responder;
    private final Deque<KeyExchangeMethod> ahead;

    private IkeKeys keys;
    private Optional<IkeKeys> former = Optional.empty();
    private boolean hasPpk;
    private Bytes fromInitiator = Bytes.empty();
    private Bytes fromResponder = Bytes.empty();

    /** Takes {@code first} over. */
    Keying(
            Algorithms algorithms,
            IkeSuite suite,
            IkeKeys first,
            Handshake handshake,
            IkeSpi initiator,
            IkeSpi responder) {
        this.algorithms = algorithms;
        this.suite = suite;
        this.handshake = handshake;
        this.initiator = initiator;
        this.responder = responder;
        this.ahead = new ArrayDeque<>(suite.additional());
        this.keys = first;
    }

    IkeSuite suite() {
        return suite;
    }

    Handshake handshake() {
        return handshake;
    }

    IkeKeys keys() {
        return keys;
    }

    /** The key exchange whose turn it is, before IKE_AUTH. */
    Optional<KeyExchangeMethod> next() {
        return Optional.ofNullable(ahead.peek());
    }

    /** IntAuth_i or IntAuth_r takes in a message of IKE_INTERMEDIATE, which the keys of now protect. */
    void intermediate(boolean byInitiator, Bytes unsealed) {
        Secret key = byInitiator ? keys.skPi() : keys.skPr();
        Bytes before = byInitiator ? fromInitiator : fromResponder;
        try (Secret mac = algorithms.prf(suite.prf(), key, before, unsealed)) {
            Bytes after = mac.use(Bytes::of);
            if (byInitiator) {
                fromInitiator = after;
            } else {
                fromResponder = after;
            }
        }
    }

    /** IntAuth, which closes what an end signs; empty where there was no IKE_INTERMEDIATE. */
    Bytes intAuth() {
        int exchanges = suite.additional().size() - ahead.size();
        return exchanges == 0
                ? Bytes.empty()
                : Bytes.concat(
                        fromInitiator,
                        fromResponder,
                        new ByteWriter().u32(1 + exchanges).toBytes());
    }

    /** The keys that {@code shared}, of the key exchange whose turn it is, leads to (RFC 9370 §2.2.2); the caller's. */
    IkeKeys derive(Secret shared) {
        return IkeKeys.deriveRekeyed(
                algorithms,
                suite,
                suite.prf(),
                keys.skD(),
                shared,
                handshake.initiatorNonce(),
                handshake.responderNonce(),
                initiator,
                responder);
    }

    /** The key exchange whose turn it was is over. Takes {@code fresh} over; the keys of before stay for repetitions. */
    void advance(IkeKeys fresh) {
        settled();
        former = Optional.of(keys);
        keys = fresh;
        ahead.remove();
    }

    /** The peer has shown that it has {@code ppk}, which goes into the keys (RFC 8784 §3). */
    void mix(Ppk ppk) {
        keys = keys.mixedWith(algorithms, suite.prf(), ppk.key());
        hasPpk = true;
    }

    /** They came of {@code old}'s, and what is in those is in them. */
    void inherit(Keying old) {
        hasPpk = old.hasPpk;
    }

    /** Whether a PPK is in the keys. */
    boolean hasPpk() {
        return hasPpk;
    }

    /** The peer uses the keys of now: nothing under those of before will come again. */
    void settled() {
        former.ifPresent(IkeKeys::close);
        former = Optional.empty();
    }

    @Override
    public void close() {
        settled();
        keys.close();
    }
}
