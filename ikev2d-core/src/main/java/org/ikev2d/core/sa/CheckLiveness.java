package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.wire.Payload;

/** Asks whether the peer lives, with nothing to say (RFC 7296 §2.4). */
final class CheckLiveness implements Task {
    private final IkeSa sa;

    CheckLiveness(IkeSa sa) {
        this.sa = sa;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.INFORMATIONAL;
    }

    @Override
    public Optional<List<Payload>> begin() {
        return Optional.of(List.of());
    }

    @Override
    public void answered(Payloads answer) {
        sa.heard();
    }
}
