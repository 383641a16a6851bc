package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;

/**
 * What a mobile peer's request says of its addresses (RFC 4555 §3.5 to §3.9). Its further addresses are passed over: we have
 * one, which never changes, and only who changes its own needs them.
 */
final class AddressUpdate {
    private static final int SHORTEST_COOKIE = 8;
    private static final int LONGEST_COOKIE = 64;

    private final IkeSa sa;
    private final Payloads request;
    private final Path from;

    AddressUpdate(IkeSa sa, Payloads request) {
        this.sa = sa;
        this.request = request;
        this.from = sa.traffic().asker();
    }

    /** Whether the peer says with {@code request}, of IKE_AUTH, that it may move, and may. */
    static boolean isAgreed(IkeSa sa, Payloads request) {
        return sa.policy().path().mobike() && request.has(NotifyType.MOBIKE_SUPPORTED);
    }

    /** Whether somebody on the way has changed what the peer says must not be changed. */
    boolean isTranslated() {
        return request.notify(NotifyType.NO_NATS_ALLOWED)
                .filter(said -> !said.equals(addresses(from)))
                .isPresent();
    }

    private static Bytes addresses(Path from) {
        return new ByteWriter()
                .bytes(from.remote().address().octets())
                .bytes(from.local().address().octets())
                .u16(from.remote().port())
                .u16(from.local().port())
                .toBytes();
    }

    SaTraffic.Reaction answer() throws Refusal {
        if (!sa.whereabouts().isMobile()) {
            return SaTraffic.Reaction.of(List.of());
        }
        List<Payload> answer = new ArrayList<>();
        Optional<Bytes> cookie = request.notify(NotifyType.COOKIE2);
        if (cookie.isPresent()) {
            int size = cookie.get().size();
            if (size < SHORTEST_COOKIE || size > LONGEST_COOKIE) {
                throw Refusal.syntax("a COOKIE2 has 8 to 64 octets, not " + size);
            }
            answer.add(Payload.Notify.of(NotifyType.COOKIE2, cookie.get()));
        }
        boolean update = request.has(NotifyType.UPDATE_SA_ADDRESSES);
        if (isAboutAddresses() && isTranslated()) {
            answer.add(Payload.Notify.of(NotifyType.UNEXPECTED_NAT_DETECTED));
            return SaTraffic.Reaction.of(answer);
        }
        if (update && !isAcceptable()) {
            answer.add(Payload.Notify.of(NotifyType.UNACCEPTABLE_ADDRESSES));
            return SaTraffic.Reaction.of(answer);
        }
        NatDetection seen = detect();
        if (seen.supported()) {
            answer.addAll(NatDetection.notifies(
                    sa.bench().algorithms(),
                    initiator(),
                    responder(),
                    from.local(),
                    from.remote(),
                    sa.policy().forceEncapsulation()));
        }
        int messageId = sa.traffic().answering();
        return update
                ? new SaTraffic.Reaction(answer, () -> sa.whereabouts().updated(from, messageId, seen))
                : SaTraffic.Reaction.of(answer);
    }

    private boolean isAboutAddresses() {
        return Stream.of(
                        NotifyType.UPDATE_SA_ADDRESSES,
                        NotifyType.ADDITIONAL_IP4_ADDRESS,
                        NotifyType.ADDITIONAL_IP6_ADDRESS,
                        NotifyType.NO_ADDITIONAL_ADDRESSES)
                .anyMatch(request::has);
    }

    /** Our end stays where it is, and what transport mode protects are the addresses themselves. */
    private boolean isAcceptable() {
        Path now = sa.path();
        boolean sameAddress = from.remote().address().equals(now.remote().address());
        return from.equals(now.to(from.remote())) && (sameAddress || sa.policy().mode() == EspMode.TUNNEL);
    }

    private NatDetection detect() {
        return NatDetection.judge(
                sa.bench().algorithms(), initiator(), responder(), from.local(), from.remote(), request);
    }

    private IkeSpi initiator() {
        return sa.role() == Role.INITIATOR ? sa.localSpi() : sa.remoteSpi();
    }

    private IkeSpi responder() {
        return sa.role() == Role.INITIATOR ? sa.remoteSpi() : sa.localSpi();
    }
}
