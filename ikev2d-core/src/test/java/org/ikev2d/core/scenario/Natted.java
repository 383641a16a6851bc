package org.ikev2d.core.scenario;

import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.world.Nat;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;

/** A pair whose left end stands behind a NAT; the right one is told of the NAT's address only. */
record Natted(Pair pair, Nat nat) {
    static final IpAddress OUTSIDE = IpAddress.parse("203.0.113.9");

    static Natted in(World world) {
        return in(world, Tunnels.pair());
    }

    static Natted in(World world, Tunnels tunnels) {
        tunnels.right().remote(OUTSIDE);
        Pair pair = Pair.of(world, tunnels);
        return new Natted(pair, world.nat(pair.left().gateway(), OUTSIDE));
    }
}
