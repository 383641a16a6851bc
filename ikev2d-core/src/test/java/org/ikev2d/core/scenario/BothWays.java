package org.ikev2d.core.scenario;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.world.Gateway;
import org.ikev2d.core.world.Traffic;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;

/** Packets from every CPU of both gateways to the other. */
final class BothWays {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final World world;
    private final Traffic there;
    private final Traffic back;

    private BothWays(World world, Traffic there, Traffic back) {
        this.world = world;
        this.there = there;
        this.back = back;
    }

    /** Between the first hosts of the networks of {@link Tunnels#pair}. */
    static BothWays of(Pair pair) {
        return of(pair, Tunnels.host(1), Tunnels.host(2));
    }

    static BothWays of(Pair pair, IpAddress leftHost, IpAddress rightHost) {
        return of(pair, leftHost, rightHost, PAUSE);
    }

    static BothWays of(Pair pair, IpAddress leftHost, IpAddress rightHost, Duration pause) {
        World world = pair.world();
        Gateway left = pair.left().gateway();
        Gateway right = pair.right().gateway();
        return new BothWays(
                world,
                new Traffic(world, left, leftHost, rightHost, pause),
                new Traffic(world, right, rightHost, leftHost, pause));
    }

    /** From now on until {@link #stop}. */
    BothWays start() {
        there.start();
        back.start();
        return this;
    }

    /** What is under way still arrives. */
    BothWays stop() {
        there.stop();
        back.stop();
        world.runFor(Duration.ofSeconds(1));
        return this;
    }

    BothWays countAnew() {
        there.countAnew();
        back.countAnew();
        return this;
    }

    /** One packet of each kind from every CPU, there and back, of which none may be lost. */
    BothWays once() {
        countAnew();
        there.sendOnce();
        back.sendOnce();
        world.runFor(Duration.ofSeconds(1));
        return expectNoLoss();
    }

    List<String> losses() {
        return Stream.concat(there.losses().stream(), back.losses().stream()).toList();
    }

    BothWays expectNoLoss() {
        world.expect(there.sent() > 0 && back.sent() > 0, "nothing was sent");
        world.expect(losses().isEmpty(), losses().size() + " lost; " + this);
        return this;
    }

    /** The last packets of every CPU of both ends went over an SA of that CPU. */
    BothWays expectOwnSas() {
        world.expect(there.everyCpuUsesItsOwn() && back.everyCpuUsesItsOwn(), toString());
        return this;
    }

    @Override
    public String toString() {
        return there + "\n" + back;
    }
}
