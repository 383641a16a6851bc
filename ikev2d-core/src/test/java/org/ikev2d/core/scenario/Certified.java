package org.ikev2d.core.scenario;

import java.security.KeyPair;
import java.util.function.Consumer;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;

/** Two ends that prove themselves by certificates. */
final class Certified {
    static final KeyPair LEFT = TestKeys.pair(Kind.ECDSA_P256);
    static final KeyPair RIGHT = TestKeys.pair(Kind.ED25519);

    private Certified() {}

    /** Each end has a certificate of its own, with {@code intermediates} below the authority, and asks for one. */
    static Tunnels pair(When when, int intermediates) {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().local(Proving.certificate(LEFT, when, intermediates)).remote(Proving.certified());
        tunnels.right().local(Proving.certificate(RIGHT, when, intermediates)).remote(Proving.certified());
        return tunnels;
    }

    /** Each end's judge trusts the other's certificate. */
    static Pair trusting(World world, Tunnels tunnels) {
        Pair pair = Pair.of(world, tunnels);
        pair.left().gateway().judge().finds(Proving.certificate(RIGHT), Proving.trusted(RIGHT));
        pair.right().gateway().judge().finds(Proving.certificate(LEFT), Proving.trusted(LEFT));
        return pair;
    }

    static void play(Consumer<World> plot) {
        World.play(1, plot);
    }
}
