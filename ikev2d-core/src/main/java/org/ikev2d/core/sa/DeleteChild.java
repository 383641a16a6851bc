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
    private final Runnable closed;

    /** @param closed run when the peer has closed it too, or will not say so any more */
    DeleteChild(IkeSa sa, EspSpi inbound, Runnable closed) {
        this.sa = sa;
        this.inbound = inbound;
        this.closed = closed;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.INFORMATIONAL;
    }

    /** What is replaced goes before the next is. */
    @Override
    public boolean isUrgent() {
        return true;
    }

    @Override
    public boolean isAboutChildren() {
        return true;
    }

    @Override
    public Optional<Task> movedTo(IkeSa heir) {
        return Optional.of(new DeleteChild(heir, inbound, closed));
    }

    @Override
    public Optional<List<Payload>> begin() {
        return Optional.of(List.of(new Payload.Delete(ProtocolId.ESP.code(), List.of(inbound.toBytes()))));
    }

    /** The answer names the other half, which is gone already (RFC 7296 §1.4.1). */
    @Override
    public void answered(Payloads answer) {
        sa.heard();
        closed.run();
    }

    @Override
    public void abandoned() {
        closed.run();
    }
}
