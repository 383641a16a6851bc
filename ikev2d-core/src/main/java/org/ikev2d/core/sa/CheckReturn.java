package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/** Asks a peer that says it is elsewhere for what only who hears us there can say (RFC 4555 §3.7). */
final class CheckReturn implements Task {
    private static final int COOKIE_SIZE = 32;

    private final IkeSa sa;
    private final Bytes cookie;
    private Path asked;

    CheckReturn(IkeSa sa) {
        this.sa = sa;
        this.cookie = sa.bench().random(COOKIE_SIZE);
        this.asked = sa.path();
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.INFORMATIONAL;
    }

    @Override
    public boolean isUrgent() {
        return true;
    }

    @Override
    public Optional<List<Payload>> begin() {
        asked = sa.path();
        return Optional.of(List.of(Payload.Notify.of(NotifyType.COOKIE2, cookie)));
    }

    /** One that was sent to several addresses does not tell where the peer is. */
    @Override
    public void answered(Payloads answer) throws Refusal {
        if (!answer.notify(NotifyType.COOKIE2).equals(Optional.of(cookie))) {
            throw Refusal.syntax(
                    "the peer, which says that it is at " + asked.remote() + ", does not give COOKIE2 back");
        }
        if (asked.equals(sa.path())) {
            sa.whereabouts().confirmed();
        } else {
            sa.enqueue(new CheckReturn(sa));
        }
    }

    @Override
    public Optional<Task> movedTo(IkeSa heir) {
        return Optional.of(new CheckReturn(heir));
    }
}
