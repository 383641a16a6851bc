package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/**
 * IKE_INTERMEDIATE as its initiator: one additional key exchange (RFC 9370 §2.2.2). Neither end has proven itself yet, so
 * that an error is the end, and the peer is not told (RFC 7296 §2.21.2).
 */
final class Intermediate implements Task {
    private final IkeSa sa;
    private Optional<KeyExchange> underWay = Optional.empty();

    private Intermediate(IkeSa sa) {
        this.sa = sa;
    }

    /** What says that there may be additional key exchanges (RFC 9242 §3.1). */
    static Payload supported() {
        return Payload.Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED);
    }

    /** What comes next on the way to an IKE SA: a further key exchange, or IKE_AUTH. */
    static Task next(IkeSa sa) {
        return sa.keying().next().isPresent() ? new Intermediate(sa) : new Authenticate(sa);
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.IKE_INTERMEDIATE;
    }

    @Override
    public Optional<List<Payload>> begin() {
        KeyExchange own = sa.bench().algorithms().keyExchange(sa.keying().next().orElseThrow());
        underWay = Optional.of(own);
        return Optional.of(List.of(new Payload.KeyExchange(own.method().code(), own.publicValue())));
    }

    @Override
    public void answered(Payloads answer) {
        KeyExchangeMethod method = sa.keying().next().orElseThrow();
        try (FreshSecret fresh = new FreshSecret(underWay)) {
            Optional<Payload.Notify> error = answer.error();
            if (error.isPresent()) {
                sa.end(PeerErrors.explain(error.get(), ExchangeType.IKE_INTERMEDIATE, sa.policy()));
                return;
            }
            sa.advance(sa.keying().derive(fresh.agree(answer, method).orElseThrow()));
            sa.enqueue(next(sa));
        } catch (Refusal e) {
            sa.end(e.toFailure());
        }
    }

    @Override
    public void abandoned() {
        underWay.ifPresent(KeyExchange::close);
    }
}
