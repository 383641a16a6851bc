package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A kernel that refuses one operation, whichever: the tunnel comes up all the same, or again, and nothing is left over. */
final class KernelFaultTest {
    static Stream<Arguments> ends() {
        List<Arguments> all = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            for (boolean left : new boolean[] {true, false}) {
                all.add(Arguments.of(mode, left));
            }
        }
        return all.stream();
    }

    private static void converse(World world, Mode mode, boolean left, Refusals refusals) {
        Tunnels tunnels = Tunnels.pair().queues(Queues.of(mode, Dialect.RFC9611));
        Pair pair = Pair.of(world, tunnels);
        End end = left ? pair.left() : pair.right();
        refusals.plan(end.kernel());
        pair.start();
        BothWays traffic = BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), Duration.ofMillis(200))
                .start();
        world.runFor(Duration.ofSeconds(3));
        end.gateway().kill();
        world.runFor(Duration.ofMillis(100));
        end.start();
        world.runFor(Duration.ofSeconds(3));
        refusals.done(end.kernel());
        // What was refused is tried again within half a minute.
        world.runFor(Duration.ofSeconds(100));
        world.expect(
                pair.left().isUp() && pair.right().isUp(),
                "not up: " + pair.left().status() + " " + pair.right().status());
        pair.expectAgreement();
        world.expect(
                pair.left().coversAll() && pair.right().coversAll(),
                "not whole: " + pair.left().children() + " " + pair.right().children());
        traffic.stop().countAnew().start();
        world.runFor(Duration.ofSeconds(1));
        traffic.stop().expectNoLoss();
    }

    /** Which operation fails, and how many there are when none does. */
    private static final class Refusals {
        private final int nth;
        private int operations;

        private Refusals(int nth) {
            this.nth = nth;
        }

        private void plan(FakeKernel kernel) {
            if (nth > 0) {
                kernel.faults().failAt(nth, FakeKernel.ENOMEM);
            }
        }

        private void done(FakeKernel kernel) {
            operations = kernel.log().size();
            kernel.faults().forget();
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void anyOperationMayFailOnce(Mode mode, boolean left) {
        Refusals none = new Refusals(0);
        World.play(1, world -> converse(world, mode, left, none));
        assertThat(none.operations).isGreaterThan(30);
        for (int nth = 1; nth <= none.operations; nth++) {
            Refusals one = new Refusals(nth);
            World.play(1, world -> converse(world, mode, left, one));
        }
    }
}
