package org.ikev2d.core.exchange;

import java.util.List;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;

/**
 * Whether there is a NAT between the ends (RFC 7296 §2.23).
 *
 * @param supported the peer sent the notifies
 * @param localBehindNat the peer sees us elsewhere than we are
 * @param remoteBehindNat we see the peer elsewhere than it is, or it wants to look so
 */
public record NatDetection(boolean supported, boolean localBehindNat, boolean remoteBehindNat) {
    public static final NatDetection NONE = new NatDetection(false, false, false);

    private static final Bytes NOWHERE = Bytes.of(new byte[20]);

    public boolean any() {
        return localBehindNat || remoteBehindNat;
    }

    /**
     * The two notifies for a message from {@code local} to {@code remote}.
     *
     * @param pretend make the source's hash one that cannot match, so that the peer encapsulates
     */
    public static List<Payload> notifies(
            Algorithms algorithms,
            IkeSpi initiator,
            IkeSpi responder,
            Endpoint local,
            Endpoint remote,
            boolean pretend) {
        return List.of(
                Payload.Notify.of(
                        NotifyType.NAT_DETECTION_SOURCE_IP,
                        pretend ? NOWHERE : hash(algorithms, initiator, responder, local)),
                Payload.Notify.of(
                        NotifyType.NAT_DETECTION_DESTINATION_IP, hash(algorithms, initiator, responder, remote)));
    }

    /** What the notifies of a message that came from {@code remote} to {@code local} say. */
    public static NatDetection judge(
            Algorithms algorithms,
            IkeSpi initiator,
            IkeSpi responder,
            Endpoint local,
            Endpoint remote,
            Payloads message) {
        if (!message.has(NotifyType.NAT_DETECTION_SOURCE_IP) || !message.has(NotifyType.NAT_DETECTION_DESTINATION_IP)) {
            return NONE;
        }
        Bytes localHash = hash(algorithms, initiator, responder, local);
        Bytes remoteHash = hash(algorithms, initiator, responder, remote);
        return new NatDetection(
                true,
                message.notifies()
                        .filter(notify -> notify.notifyType() == NotifyType.NAT_DETECTION_DESTINATION_IP.code())
                        .noneMatch(notify -> notify.data().equals(localHash)),
                message.notifies()
                        .filter(notify -> notify.notifyType() == NotifyType.NAT_DETECTION_SOURCE_IP.code())
                        .noneMatch(notify -> notify.data().equals(remoteHash)));
    }

    private static Bytes hash(Algorithms algorithms, IkeSpi initiator, IkeSpi responder, Endpoint endpoint) {
        return algorithms.sha1(new ByteWriter()
                .u64(initiator.value())
                .u64(responder.value())
                .bytes(endpoint.address().octets())
                .u16(endpoint.port())
                .toBytes());
    }
}
