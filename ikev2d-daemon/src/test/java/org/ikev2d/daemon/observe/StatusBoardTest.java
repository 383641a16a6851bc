package org.ikev2d.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.engine.TunnelStatus.State;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.world.Tunnels;
import org.junit.jupiter.api.Test;

class StatusBoardTest {
    private static final Endpoint LOCAL = new Endpoint(IpAddress.of(new byte[] {127, 0, 0, 1}), 500);

    private final StatusBoard board = new StatusBoard(List.of(status("z", State.DOWN), status("a", State.DOWN)));

    private static TunnelStatus status(String tunnel, State state) {
        return new TunnelStatus(
                tunnel,
                state,
                Optional.empty(),
                LOCAL,
                LOCAL,
                "",
                Optional.empty(),
                Optional.empty(),
                1,
                List.of(),
                List.of(),
                "",
                Optional.empty());
    }

    @Test
    void everyConfiguredTunnelIsOnItFromTheStartInOrder() {
        assertThat(board.all()).containsExactly(status("z", State.DOWN), status("a", State.DOWN));
    }

    @Test
    void beforeTheEngineHasToldAnythingATunnelIsDownWithTheSasThatItIsToHave() {
        TunnelPolicy tunnel = Tunnels.pair().left().policy();
        TunnelPolicy plain = tunnel.withQueues(new QueuePolicy(
                OptionalInt.of(0),
                QueuePolicy.Mode.EAGER,
                QueuePolicy.Dialect.RFC9611,
                OptionalInt.empty(),
                Duration.ZERO,
                0,
                0));
        assertThat(StatusBoard.of(EnginePolicy.of(List.of(tunnel)), Cpus.firstOnes(4))
                        .all())
                .singleElement()
                .satisfies(status -> {
                    assertThat(status.state()).isEqualTo(State.DOWN);
                    assertThat(status.childrenExpected()).isEqualTo(5);
                    assertThat(status.local()).isEqualTo(new Endpoint(tunnel.local(), 500));
                    assertThat(status.remote()).isEqualTo(new Endpoint(tunnel.remote(), 500));
                });
        assertThat(StatusBoard.of(EnginePolicy.of(List.of(plain)), Cpus.firstOnes(4))
                        .all())
                .singleElement()
                .matches(status -> status.childrenExpected() == 1);
    }

    @Test
    void theLatestReplacesWhatWasTold() {
        board.update(status("a", State.CONNECTING));
        board.update(status("a", State.UP));
        assertThat(board.of("a")).contains(status("a", State.UP));
        assertThat(board.all()).extracting(TunnelStatus::tunnel).containsExactly("z", "a");
    }

    @Test
    void itFollowsAnotherConfigurationAndKeepsWhatIsKnown() {
        board.update(status("a", State.UP));
        TunnelPolicy fresh = Tunnels.pair().left().policy();
        TunnelPolicy kept = Tunnels.pair().left().named("a").policy();
        board.follow(EnginePolicy.of(List.of(fresh, kept)), Cpus.firstOnes(4));
        assertThat(board.all()).extracting(TunnelStatus::tunnel).containsExactly(fresh.name(), "a");
        assertThat(board.of("a")).contains(status("a", State.UP));
        assertThat(board.of("z")).isEmpty();
    }

    @Test
    void anUnknownTunnelIsNotPutOnIt() {
        board.update(status("stranger", State.UP));
        assertThat(board.of("stranger")).isEmpty();
        assertThat(board.all()).hasSize(2);
    }
}
