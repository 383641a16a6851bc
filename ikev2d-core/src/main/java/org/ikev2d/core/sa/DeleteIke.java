package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.Payload;

/** Tells the peer that the IKE SA is no more, and all its Child SAs with it (RFC 7296 §1.4.1). */
final class DeleteIke implements Task {
    private final IkeSa sa;
    private final Failure why;

    DeleteIke(IkeSa sa, Failure why) {
        this.sa = sa;
        this.why = why;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.INFORMATIONAL;
    }

    /** What is under way comes to its end first. */
    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public Optional<List<Payload>> begin() {
        List<Payload> payloads = new ArrayList<>();
        if (why.isPeerUnproven()) {
            payloads.add(Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED, Bytes.empty()));
        }
        payloads.add(new Payload.Delete(ProtocolId.IKE.code(), List.of()));
        return Optional.of(payloads);
    }

    @Override
    public void answered(Payloads answer) {
        sa.end(why);
    }
}
