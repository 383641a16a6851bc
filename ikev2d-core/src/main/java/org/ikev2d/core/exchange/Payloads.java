package org.ikev2d.core.exchange;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * The payloads of one message by meaning. What the exchange needs and the message lacks, or has more than once, is a
 * {@link Refusal} with INVALID_SYNTAX (RFC 7296 Appendix C says how often each may stand).
 */
public record Payloads(ExchangeType exchange, List<Payload> all) {
    public Payloads {
        all = List.copyOf(all);
    }

    /** The only payload of its kind. */
    public <P extends Payload> P one(Class<P> kind) throws Refusal {
        return atMostOne(kind).orElseThrow(() -> missing(kind.getSimpleName()));
    }

    public <P extends Payload> Optional<P> atMostOne(Class<P> kind) throws Refusal {
        return single(all.stream().filter(kind::isInstance).map(kind::cast), kind.getSimpleName());
    }

    /** IDi ({@code initiator}) or IDr. */
    public Optional<Payload.Identification> identification(boolean initiator) throws Refusal {
        return single(
                all.stream()
                        .filter(Payload.Identification.class::isInstance)
                        .map(Payload.Identification.class::cast)
                        .filter(id -> id.initiator() == initiator),
                initiator ? "IDi" : "IDr");
    }

    /** TSi ({@code initiator}) or TSr. */
    public List<TrafficSelector> selectors(boolean initiator) throws Refusal {
        String name = initiator ? "TSi" : "TSr";
        return single(
                        all.stream()
                                .filter(Payload.TrafficSelectors.class::isInstance)
                                .map(Payload.TrafficSelectors.class::cast)
                                .filter(selectors -> selectors.initiator() == initiator),
                        name)
                .orElseThrow(() -> missing(name))
                .selectors();
    }

    /** In their order. */
    public List<Payload.Certificate> certificates() {
        return all.stream()
                .filter(Payload.Certificate.class::isInstance)
                .map(Payload.Certificate.class::cast)
                .toList();
    }

    public Stream<Payload.Notify> notifies() {
        return all.stream().filter(Payload.Notify.class::isInstance).map(Payload.Notify.class::cast);
    }

    /** The data of the first notify of {@code type}. */
    public Optional<Bytes> notify(NotifyType type) {
        return notify(type.code());
    }

    public Optional<Bytes> notify(int type) {
        return notifies()
                .filter(notify -> notify.notifyType() == type)
                .map(Payload.Notify::data)
                .findFirst();
    }

    public boolean has(NotifyType type) {
        return notify(type).isPresent();
    }

    /** The first notify of an error type (RFC 7296 §3.10.1). */
    public Optional<Payload.Notify> error() {
        return notifies()
                .filter(notify -> NotifyType.isError(notify.notifyType()))
                .findFirst();
    }

    public Stream<Payload.Delete> deletes() {
        return all.stream().filter(Payload.Delete.class::isInstance).map(Payload.Delete.class::cast);
    }

    private <P> Optional<P> single(Stream<P> found, String name) throws Refusal {
        List<P> list = found.toList();
        if (list.size() > 1) {
            throw Refusal.syntax(exchange + ": expected one " + name + " payload, found " + list.size());
        }
        return list.stream().findFirst();
    }

    private Refusal missing(String name) {
        return Refusal.syntax(exchange + ": expected one " + name + " payload, found none");
    }
}
