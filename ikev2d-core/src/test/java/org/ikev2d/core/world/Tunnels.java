package org.ikev2d.core.world;

import java.util.List;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * A tunnel between two gateways, as each of them is told of it.
 *
 * @param left the end that begins
 * @param right the end that waits to be asked
 */
public record Tunnels(TunnelDraft left, TunnelDraft right) {
    public static final IpAddress LEFT = IpAddress.of((byte) 192, (byte) 0, (byte) 2, (byte) 1);
    public static final IpAddress RIGHT = IpAddress.of((byte) 198, (byte) 51, (byte) 100, (byte) 2);
    public static final IpAddress LEFT_V6 = new IpAddress(Bytes.hex("20010db8000000010000000000000001"));
    public static final IpAddress RIGHT_V6 = new IpAddress(Bytes.hex("20010db8000000020000000000000002"));

    /** A tunnel named {@code t} between 10.1.0.0/16 behind {@link #LEFT} and 10.2.0.0/16 behind {@link #RIGHT}. */
    public static Tunnels pair() {
        return between(LEFT, RIGHT, net(1), net(2));
    }

    public static Tunnels between(IpAddress left, IpAddress right, TrafficSelector leftNet, TrafficSelector rightNet) {
        return new Tunnels(
                new TunnelDraft("t", 1, left, right, leftNet, rightNet),
                new TunnelDraft("t", 2, right, left, rightNet, leftNet).responder());
    }

    /** 10.{@code second}.0.0/16. */
    public static TrafficSelector net(int second) {
        return TrafficSelector.anyPort(
                IpAddress.of((byte) 10, (byte) second, (byte) 0, (byte) 0),
                IpAddress.of((byte) 10, (byte) second, (byte) 255, (byte) 255));
    }

    /** 10.{@code second}.0.1. */
    public static IpAddress host(int second) {
        return IpAddress.of((byte) 10, (byte) second, (byte) 0, (byte) 1);
    }

    public Tunnels queues(QueuePolicy wanted) {
        return both(draft -> draft.queues(wanted));
    }

    public Tunnels both(Consumer<TunnelDraft> change) {
        List.of(left, right).forEach(change);
        return this;
    }
}
