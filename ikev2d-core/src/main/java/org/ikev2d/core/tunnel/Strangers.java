package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.List;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.Path;
import org.ikev2d.core.sa.Workbench;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;

/**
 * What comes outside of any IKE SA, and so from anybody: it is answered seldom, and changes nothing but that a peer may be
 * asked whether it lives (RFC 7296 §1.5, §2.21.4).
 */
final class Strangers {
    private static final int BURST = 20;
    private static final Duration PACE = Duration.ofMillis(100);

    private final Workbench bench;
    private final SaTable table;
    private final RateLimit answers = new RateLimit(BURST, PACE);

    Strangers(Workbench bench, SaTable table) {
        this.bench = bench;
        this.table = table;
    }

    /** A message of an IKE SA that is not ours, from {@code datagram}'s source, where a tunnel has its other end. */
    void unknownSpi(Input.Datagram datagram, OuterMessage message) {
        IkeHeader header = message.header();
        if (complains(message)) {
            IpAddress peer = datagram.remote().address();
            table.all().stream()
                    .filter(sa -> sa.path().remote().address().equals(peer))
                    .forEach(IkeSa::suspect);
        } else if (message.sealed().isPresent() && !header.response()) {
            answer(datagram, header, Payload.Notify.of(NotifyType.INVALID_IKE_SPI));
        }
    }

    /** An unprotected message to {@code sa}, which its peer may have forgotten. */
    void unprotected(IkeSa sa, OuterMessage message) {
        if (complains(message)) {
            sa.suspect();
        }
    }

    private static boolean complains(OuterMessage message) {
        boolean init = message.header().exchangeType() == ExchangeType.IKE_SA_INIT.code();
        return !init
                && message.payloads().stream()
                        .filter(Payload.Notify.class::isInstance)
                        .map(payload -> ((Payload.Notify) payload).notifyType())
                        .anyMatch(type ->
                                type == NotifyType.INVALID_IKE_SPI.code() || type == NotifyType.INVALID_SPI.code());
    }

    /** Answers {@code request} in the clear, if that is not done too often. */
    void answer(Input.Datagram datagram, IkeHeader request, Payload.Notify notify) {
        if (answers.allows(bench.now())) {
            bench.emit(Path.backOf(datagram).send(MessageCodec.encode(answerTo(request), List.of(notify))));
        }
    }

    /** The same SPIs and message ID. */
    private static IkeHeader answerTo(IkeHeader request) {
        return IkeHeader.of(
                request.initiatorSpi(),
                request.responderSpi(),
                request.exchangeType(),
                !request.fromInitiator(),
                true,
                request.messageId());
    }
}
