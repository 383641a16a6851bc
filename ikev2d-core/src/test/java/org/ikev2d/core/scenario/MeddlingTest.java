package org.ikev2d.core.scenario;

import java.time.Duration;
import java.util.List;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody else takes out of the kernel what is ours. The kernel tells, or that it could not tell. */
final class MeddlingTest {
    private static void remove(End end, SaId id) {
        try {
            end.kernel().remove(id);
        } catch (KernelException refused) {
            throw new AssertionError(refused);
        }
    }

    private static ChildStatus child(End end, ChildKind kind) {
        return end.children().stream()
                .filter(child -> child.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void policiesThatOthersFlushedStandAgainAtOnce() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            List<PolicySpec> before = pair.left().kernel().policies();
            for (PolicySpec policy : before) {
                try {
                    pair.left().kernel().removePolicy(policy.id());
                } catch (KernelException refused) {
                    throw new AssertionError(refused);
                }
            }
            pair.left().kernel().loseEvents();
            world.runFor(Duration.ofMillis(1));
            world.expect(
                    pair.left().policies(Direction.OUT).size() == 1,
                    "left's policies: " + pair.left().kernel().policies());
            world.expect(
                    before.equals(pair.left().kernel().policies()),
                    "left's policies: " + pair.left().kernel().policies());
        });
    }

    @Holds("7296-2.4-h")
    @ParameterizedTest
    @EnumSource(ChildKind.class)
    void statesThatOthersRemovedAreMadeAnew(ChildKind kind) {
        World.play(2, world -> {
            Tunnels tunnels = kind == ChildKind.ORDINARY
                    ? Tunnels.pair().queues(Queues.count(0, Mode.EAGER, Dialect.RFC9611))
                    : Tunnels.pair();
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            ChildStatus lost = child(pair.left(), kind);
            remove(pair.left(), lost.inbound());
            pair.left().kernel().loseEvents();
            world.runFor(Duration.ofMillis(1));
            world.expect(!pair.left().children().contains(lost), "still told of " + lost);
            pair.untilSettled();
        });
    }

    @Test
    void outboundStateThatOthersRemovedIsNoticedToo() {
        World.play(3, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            remove(pair.right(), child(pair.right(), ChildKind.PER_CPU).outbound());
            pair.right().kernel().loseEvents();
            world.runFor(Duration.ofSeconds(5));
            pair.untilSettled();
        });
    }
}
