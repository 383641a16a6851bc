package org.ikev2d.core.scenario;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;

/** Two gateways with real engines and one tunnel between them. */
final class Pair {
    private final World world;
    private final End left;
    private final End right;

    private Pair(World world, Tunnels tunnels, Cpus leftCpus, Cpus rightCpus) {
        this.world = world;
        this.left = new End(world, "left", leftCpus, tunnels.left());
        this.right = new End(world, "right", rightCpus, tunnels.right());
    }

    /** With four CPUs each. */
    static Pair of(World world, Tunnels tunnels) {
        return new Pair(world, tunnels, Cpus.firstOnes(4), Cpus.firstOnes(4));
    }

    static Pair of(World world, Tunnels tunnels, Cpus left, Cpus right) {
        return new Pair(world, tunnels, left, right);
    }

    Pair tune(UnaryOperator<EnginePolicy> change) {
        left.tune(change);
        right.tune(change);
        return this;
    }

    World world() {
        return world;
    }

    End left() {
        return left;
    }

    End right() {
        return right;
    }

    /** The one that waits first. */
    Pair start() {
        right.start();
        left.start();
        return this;
    }

    /** Lets the world go on until both ends have as many SAs as they want, and then until nothing is under way. */
    Pair untilWhole() {
        world.runUntil("both sets are whole", Duration.ofSeconds(20), this::isWhole);
        world.runFor(Duration.ofSeconds(3));
        return expectAgreement();
    }

    /** As {@link #untilWhole}, and until SAs of former lives, which are kept for a while, have gone too. */
    Pair untilSettled() {
        world.runUntil("both sets are whole", Duration.ofMinutes(2), this::isWhole);
        world.runFor(Duration.ofSeconds(15));
        return expectAgreement();
    }

    boolean isWhole() {
        return isWhole(left) && isWhole(right);
    }

    private static boolean isWhole(End end) {
        return end.isUp() && end.children().size() >= end.status().childrenExpected();
    }

    /** Both are up with the same SAs, and their kernels hold these and nothing else. */
    Pair expectAgreement() {
        world.expect(left.isUp() && right.isUp(), "not up: " + left.status() + " " + right.status());
        Set<String> ours = new TreeSet<>();
        for (ChildStatus child : left.children()) {
            ours.add(child.outbound().spi() + " > " + child.inbound().spi() + " " + child.suite());
        }
        Set<String> theirs = new TreeSet<>();
        for (ChildStatus child : right.children()) {
            theirs.add(child.inbound().spi() + " > " + child.outbound().spi() + " " + child.suite());
        }
        world.expect(ours.equals(theirs), "left has " + ours + ", right has " + theirs);
        left.expectKernelAsTold();
        right.expectKernelAsTold();
        world.expect(left.kernel().understands(right.kernel()), "the ends have other keys");
        return this;
    }

    /** Nothing is up, and both kernels hold no SA. */
    Pair expectNothingUp() {
        world.expect(!left.isUp() && !right.isUp(), "up: " + left.status() + " " + right.status());
        world.expect(
                left.kernel().sas().isEmpty(),
                "left's kernel holds " + left.kernel().sas());
        world.expect(
                right.kernel().sas().isEmpty(),
                "right's kernel holds " + right.kernel().sas());
        return this;
    }
}
