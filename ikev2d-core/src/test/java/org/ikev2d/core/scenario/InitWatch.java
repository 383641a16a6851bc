package org.ikev2d.core.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Parcel;

/** Listens to IKE_SA_INIT, which is in the clear: who began which IKE SA, with which nonces. */
final class InitWatch implements UnaryOperator<List<Parcel>> {
    private final Map<IkeSpi, Begun> begun = new LinkedHashMap<>();

    /** @param lowest of its two nonces; only the initiator's while there is no answer */
    record Begun(IpAddress initiator, Bytes lowest, boolean answered) {
        private Begun answeredWith(Bytes nonce) {
            return new Begun(initiator, lowest.compareTo(nonce) <= 0 ? lowest : nonce, true);
        }
    }

    @Override
    public List<Parcel> apply(List<Parcel> parcels) {
        for (Parcel parcel : parcels) {
            if (parcel.cargo() instanceof Parcel.Cargo.Ike ike) {
                listen(parcel, ike.octets());
            }
        }
        return parcels;
    }

    private void listen(Parcel parcel, Bytes octets) {
        try {
            OuterMessage message = MessageCodec.decode(octets);
            Optional<Bytes> nonce = message.payloads().stream()
                    .filter(Payload.Nonce.class::isInstance)
                    .map(payload -> ((Payload.Nonce) payload).octets())
                    .findFirst();
            if (message.header().exchangeType() != ExchangeType.IKE_SA_INIT.code() || nonce.isEmpty()) {
                return;
            }
            IkeSpi spi = message.header().initiatorSpi();
            if (!message.header().response()) {
                begun.putIfAbsent(spi, new Begun(parcel.source().address(), nonce.get(), false));
            } else if (!begun.get(spi).answered()) {
                begun.put(spi, begun.get(spi).answeredWith(nonce.get()));
            }
        } catch (DecodeException sealed) {
            throw new AssertionError(sealed);
        }
    }

    Stream<Begun> all() {
        return begun.values().stream();
    }
}
