package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.exchange.WindowSize;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;

/** Answers the peer's INFORMATIONAL: deletes, errors, other addresses, or the question whether we live (RFC 7296 §1.4). */
final class InformationalAnswer {
    private final IkeSa sa;

    InformationalAnswer(IkeSa sa) {
        this.sa = sa;
    }

    SaTraffic.Reaction answer(Payloads request) throws Refusal {
        if (request.has(NotifyType.AUTHENTICATION_FAILED)) {
            return ending(
                    Failure.Code.AUTHENTICATION_FAILED,
                    "the peer does not accept our proof of identity: compare local_id and the PSK, key or"
                            + " certificate with what the peer expects");
        }
        if (request.deletes().anyMatch(delete -> delete.protocol() == ProtocolId.IKE.code())) {
            return ending(Failure.Code.PEER_DELETED, "the peer deleted the IKE SA");
        }
        sa.succession().used();
        SaTraffic.Reaction moved = new AddressUpdate(sa, request).answer();
        List<Payload> answer = new ArrayList<>(deleted(request));
        answer.addAll(moved.answer());
        if (WindowSize.in(request, 1).isPresent()) {
            sa.traffic().offerWindow().ifPresent(answer::add);
        }
        return new SaTraffic.Reaction(answer, moved.afterwards());
    }

    private SaTraffic.Reaction ending(Failure.Code code, String text) {
        return new SaTraffic.Reaction(List.of(), () -> sa.end(new Failure(code, text)));
    }

    /** The peer names its inbound halves, which are our outbound ones; we name ours (RFC 7296 §1.4.1). */
    private List<Payload> deleted(Payloads request) {
        List<Bytes> ours = new ArrayList<>();
        request.deletes()
                .filter(delete -> delete.protocol() == ProtocolId.ESP.code())
                .flatMap(delete -> delete.spis().stream())
                .map(EspSpi::of)
                .flatMap(Optional::stream)
                .forEach(spi -> known(spi)
                        .ifPresentOrElse(
                                child -> {
                                    sa.children().removeDeleted(child);
                                    ours.add(child.inbound().spi().toBytes());
                                },
                                () -> sa.traffic().underWay().forEach(task -> task.peerDeleted(spi))));
        return ours.isEmpty() ? List.of() : List.of(new Payload.Delete(ProtocolId.ESP.code(), ours));
    }

    private Optional<ChildSa> known(EspSpi outbound) {
        return sa.owner().flatMap(owner -> sa.children().set().byOutbound(outbound));
    }
}
