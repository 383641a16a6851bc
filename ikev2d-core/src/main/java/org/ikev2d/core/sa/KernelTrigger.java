package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * The ACQUIRE that asks for an SA.
 *
 * @param sequence that the outbound state bears which answers it
 * @param packet the one that lacked an SA
 */
public record KernelTrigger(int sequence, PacketSelector packet) {
    /**
     * {@code whole} with the packet's own selector in front (RFC 7296 §2.9).
     *
     * @param source whether of where it comes from, else of where it goes to
     */
    List<TrafficSelector> before(List<TrafficSelector> whole, boolean source) {
        List<TrafficSelector> selectors = new ArrayList<>();
        selectors.add(selector(source));
        selectors.addAll(whole);
        return selectors;
    }

    private TrafficSelector selector(boolean source) {
        int port = source ? packet.sourcePort() : packet.destinationPort();
        int mask = source ? packet.sourcePortMask() : packet.destinationPortMask();
        boolean exact = mask == 0xffff && ChildTerms.hasPorts(packet.ipProtocol());
        return new TrafficSelector(
                packet.ipProtocol(),
                exact ? port : 0,
                exact ? port : 0xffff,
                source ? packet.source() : packet.destination(),
                source ? packet.source() : packet.destination());
    }
}
