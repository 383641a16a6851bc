package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.sa.Admission;
import org.ikev2d.core.sa.Path;
import org.ikev2d.core.sa.SaOwner;
import org.ikev2d.core.sa.Workbench;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;

/**
 * Who may begin. Keeps no state of those whom it turns away; above a threshold of half-open IKE SAs it first wants to see
 * that a peer can be reached where it says it is (RFC 7296 §2.6).
 */
final class Doorman implements AutoCloseable {
    private static final Duration SECRET_LIFE = Duration.ofSeconds(60);

    private final Workbench bench;
    private final SaTable table;

    private Optional<CookieSecret> fresh = Optional.empty();
    private Optional<CookieSecret> previous = Optional.empty();
    private int generation;

    private record CookieSecret(int generation, Secret key, MonoTime until) {}

    Doorman(Workbench bench, SaTable table) {
        this.bench = bench;
        this.table = table;
    }

    /**
     * A first request.
     *
     * @param candidates the tunnels between its endpoints that take one
     */
    void first(Input.Datagram datagram, OuterMessage message, List<? extends SaOwner> candidates) {
        if (candidates.isEmpty()) {
            bench.tell(
                    Event.Level.WARN,
                    "",
                    "no-tunnel",
                    "no tunnel matches this peer: IKE_SA_INIT came from " + datagram.remote() + " to "
                            + datagram.local() + "; compare local and remote with its addresses");
            answer(datagram, message.header(), Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN));
            return;
        }
        int halfOpen = table.halfOpen();
        if (halfOpen >= bench.policy().halfOpenLimit()) {
            bench.tell(
                    Event.Level.WARN, "", "half-open-limit", halfOpen + " half-open IKE SAs: one more is not answered");
            return;
        }
        if (halfOpen >= bench.policy().cookieThreshold() && !showsCookie(datagram, message)) {
            demandCookie(datagram, message);
            return;
        }
        try {
            table.add(Admission.begin(bench, List.copyOf(candidates), datagram, message));
        } catch (Refusal e) {
            Failure why = e.toFailure();
            if (e.notifyType() != NotifyType.INVALID_KE_PAYLOAD) {
                candidates.forEach(candidate -> candidate.refused(why));
            }
            answer(datagram, message.header(), e.toNotify());
        }
    }

    /** Answers an IKE_SA_INIT request in the clear, and forgets it. */
    private void answer(Input.Datagram datagram, IkeHeader request, Payload.Notify notify) {
        IkeHeader header = IkeHeader.of(
                request.initiatorSpi(), IkeSpi.NONE, request.exchangeType(), false, true, request.messageId());
        bench.emit(Path.backOf(datagram).send(MessageCodec.encode(header, List.of(notify))));
    }

    @Override
    public void close() {
        fresh.map(CookieSecret::key).ifPresent(Secret::close);
        previous.map(CookieSecret::key).ifPresent(Secret::close);
    }

    private void demandCookie(Input.Datagram datagram, OuterMessage message) {
        rotate();
        Bytes cookie = cookie(fresh.orElseThrow(), datagram, message);
        answer(datagram, message.header(), Payload.Notify.of(NotifyType.COOKIE, cookie));
    }

    private boolean showsCookie(Input.Datagram datagram, OuterMessage message) {
        rotate();
        Optional<Bytes> shown = new Payloads(ExchangeType.IKE_SA_INIT, message.payloads()).notify(NotifyType.COOKIE);
        return shown.isPresent()
                && (matches(fresh, shown.get(), datagram, message)
                        || matches(previous, shown.get(), datagram, message));
    }

    private boolean matches(Optional<CookieSecret> secret, Bytes shown, Input.Datagram datagram, OuterMessage message) {
        return secret.filter(one -> cookie(one, datagram, message).equals(shown))
                .isPresent();
    }

    /** Generation, and a MAC over nonce, address and SPI: nothing has to be remembered (RFC 7296 §2.6). */
    private Bytes cookie(CookieSecret secret, Input.Datagram datagram, OuterMessage message) {
        Bytes nonce = message.payloads().stream()
                .filter(Payload.Nonce.class::isInstance)
                .map(payload -> ((Payload.Nonce) payload).octets())
                .findFirst()
                .orElse(Bytes.empty());
        Bytes spi =
                new ByteWriter().u64(message.header().initiatorSpi().value()).toBytes();
        try (Secret mac = bench.algorithms()
                .prf(
                        Prf.HMAC_SHA2_256,
                        secret.key(),
                        nonce,
                        datagram.remote().address().octets(),
                        spi)) {
            return Bytes.concat(new ByteWriter().u32(secret.generation()).toBytes(), mac.use(Bytes::of));
        }
    }

    private void rotate() {
        if (fresh.filter(one -> one.until().isAfter(bench.now())).isPresent()) {
            return;
        }
        previous.map(CookieSecret::key).ifPresent(Secret::close);
        Optional<CookieSecret> last = fresh;
        previous = last.filter(one -> one.until().plus(SECRET_LIFE).isAfter(bench.now()));
        if (previous.isEmpty()) {
            last.map(CookieSecret::key).ifPresent(Secret::close);
        }
        fresh = Optional.of(new CookieSecret(
                generation++,
                Secret.owning(bench.random(32).toArray()),
                bench.now().plus(SECRET_LIFE)));
    }
}
