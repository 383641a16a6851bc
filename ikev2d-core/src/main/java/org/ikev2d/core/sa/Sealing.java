package org.ikev2d.core.sa;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.protect.Opened;
import org.ikev2d.core.protect.Protector;
import org.ikev2d.core.protect.Reassembly;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;

/**
 * How an IKE SA's messages are sealed and opened, and with a peer that takes fragments, cut and put together (RFC 7383).
 * Of the peer's messages as many are kept in parts as may be under way.
 */
final class Sealing {
    private final Workbench bench;
    private final Map<Integer, Parts> requests = new LinkedHashMap<>();
    private final Map<Integer, Parts> answers = new LinkedHashMap<>();

    private Optional<Keying> keying = Optional.empty();
    private Optional<Protector> protector = Optional.empty();
    /** Of the keys before, until the peer uses those of now. */
    private Optional<Protector> former = Optional.empty();

    private boolean fragments;

    /**
     * What is there of one message.
     *
     * @param until when it is forgotten: its sender has given up (RFC 7383 §2.6)
     */
    private record Parts(Reassembly kept, MonoTime until) {}

    Sealing(Workbench bench) {
        this.bench = bench;
    }

    /** What says that we take fragments, where we do. */
    static Optional<Payload> offer(Workbench bench) {
        return bench.policy().fragmentSize() == 0
                ? Optional.empty()
                : Optional.of(Payload.Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
    }

    /** Whether the peer, too, says so with {@code message} of IKE_SA_INIT. */
    static boolean isOffered(Workbench bench, Payloads message) {
        return offer(bench).isPresent()
                && message.notify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED).isPresent();
    }

    /**
     * From now on with the keys that {@code current} has.
     *
     * @param initiator whether we began the IKE SA
     */
    void with(Keying current, boolean initiator) {
        keying = Optional.of(current);
        fragments = current.handshake().fragments();
        former = protector;
        protector = Optional.of(
                new Protector(bench.algorithms(), bench.entropy(), current.suite(), current.keys(), initiator));
    }

    /** Whether there are keys. */
    boolean isKeyed() {
        return protector.isPresent();
    }

    /** The datagrams of a message that goes along {@code path}. */
    List<Bytes> seal(Path path, IkeHeader header, List<Payload> payloads) {
        Protector keyed = protector.orElseThrow();
        if (isIntermediate(header)) {
            keying.orElseThrow().intermediate(header.fromInitiator(), MessageCodec.unsealed(header, payloads));
        }
        return fragments
                ? keyed.seal(header, payloads, bench.policy().fragmentSize() - path.headers())
                : List.of(keyed.seal(header, payloads));
    }

    /** Opens a datagram of a message that is awaited. */
    Opened open(IkeHeader header, Bytes datagram) {
        Opened opened =
                fragments ? openPart(header, datagram) : protector.orElseThrow().open(datagram);
        if (opened instanceof Opened.Message whole) {
            former = Optional.empty();
            keying.orElseThrow().settled();
            if (isIntermediate(header)) {
                keying.orElseThrow().intermediate(header.fromInitiator(), whole.unsealed());
            }
        }
        return opened;
    }

    private static boolean isIntermediate(IkeHeader header) {
        return header.exchangeType() == ExchangeType.IKE_INTERMEDIATE.code();
    }

    private Opened openPart(IkeHeader header, Bytes datagram) {
        Map<Integer, Parts> unfinished = header.response() ? answers : requests;
        MonoTime until = bench.now().plus(bench.policy().retransmit().patience());
        Parts parts = unfinished.computeIfAbsent(header.messageId(), id -> new Parts(new Reassembly(), until));
        Opened opened = protector.orElseThrow().open(datagram, parts.kept());
        if (parts.kept().isEmpty()) {
            unfinished.remove(header.messageId());
        }
        return opened;
    }

    /**
     * Whether this is proven to be the first fragment of a request: one that was answered may come again cut otherwise,
     * and its other fragments count for nothing (RFC 7383 §2.6.1).
     */
    boolean isFirstFragment(OuterMessage message, Bytes datagram) {
        boolean first = message.sealed()
                .filter(one -> one.payloadType() == PayloadType.ENCRYPTED_FRAGMENT.code() && one.fragmentNumber() == 1)
                .isPresent();
        return first
                && fragments
                && !(former.or(() -> protector).orElseThrow().open(datagram, new Reassembly())
                        instanceof Opened.Discarded);
    }

    /** When a message that has not become whole is forgotten. */
    Optional<MonoTime> due() {
        return Deadlines.earliest(Stream.of(requests, answers)
                .flatMap(unfinished -> unfinished.values().stream())
                .map(parts -> Optional.of(parts.until()))
                .toList());
    }

    void onTime() {
        for (Map<Integer, Parts> unfinished : List.of(requests, answers)) {
            unfinished.values().removeIf(parts -> !parts.until().isAfter(bench.now()));
        }
    }
}
