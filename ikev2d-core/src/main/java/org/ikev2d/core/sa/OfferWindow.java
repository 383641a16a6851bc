package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.wire.Payload;

/**
 * Says how many requests we take at once on an IKE SA that has taken another's place, and hears how many the peer does: on
 * each it is one until it is said anew (RFC 7296 §2.3).
 */
final class OfferWindow implements Task {
    private final IkeSa sa;

    OfferWindow(IkeSa sa) {
        this.sa = sa;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.INFORMATIONAL;
    }

    /** SET_WINDOW_SIZE; none where one is all that we take. */
    @Override
    public Optional<List<Payload>> begin() {
        return sa.traffic().offerWindow().map(List::of);
    }

    /** What it says was noted already. */
    @Override
    public void answered(Payloads answer) {}
}
