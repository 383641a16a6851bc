package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;

/** Tells the peer that a Child SA is no more (RFC 7296 §1.4.1). */
final class DeleteChild implements Task {
    private final IkeSa sa;
    private final EspSpi inbound;

    DeleteChild(IkeSa sa, EspSpi inbound) {
        this.sa = sa;
        this.inbound = inbound;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.INFORMATIONAL;
    }

    @Override
    public boolean isAboutChildren() {
        return true;
    }

    @Override
    public Optional<Task> movedTo(IkeSa heir) {
        return Optional.of(new DeleteChild(heir, inbound));
    }

    @Override
    public Optional<List<Payload>> begin() {
        return Optional.of(List.of(new Payload.Delete(ProtocolId.ESP.code(), List.of(inbound.toBytes()))));
    }

    /** The answer names the other half, which is gone already (RFC 7296 §1.4.1). */
    @Override
    public void answered(Payloads answer) {
        sa.heard();
        sa.children().parting().answered(inbound);
    }
}
