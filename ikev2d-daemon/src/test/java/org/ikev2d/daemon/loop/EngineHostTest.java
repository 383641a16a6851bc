package org.ikev2d.daemon.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.daemon.net.PortPlan;
import org.ikev2d.daemon.net.PortUnavailableException;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.daemon.observe.Counters;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.RecordingLogger;
import org.ikev2d.daemon.observe.StatusBoard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;

@Timeout(60)
class EngineHostTest {
    private static final IpAddress LOOPBACK = IpAddress.of(new byte[] {127, 0, 0, 1});

    private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    private final RecordingLogger lines = new RecordingLogger(Level.DEBUG);
    private final EventLog log = new EventLog(lines, MonoClock::now);
    private final Counters counters = new Counters();
    private final TunnelPolicy tunnel = Tunnels.pair().left().policy();
    private final StatusBoard board = StatusBoard.of(EnginePolicy.of(List.of(tunnel)), Cpus.firstOnes(2));
    private UdpPorts ports;
    private EngineHost host;

    @BeforeEach
    void bind() throws PortUnavailableException {
        ports = UdpPorts.bind(PortPlan.ofIke(List.of(LOOPBACK), 0, 0), counters, log::tell);
    }

    @AfterEach
    void close() {
        host.abandon();
        ports.close();
    }

    private TunnelStatus status(TunnelStatus.State state) {
        Endpoint end = new Endpoint(LOOPBACK, 500);
        return new TunnelStatus(
                tunnel.name(),
                state,
                Optional.empty(),
                end,
                end,
                "",
                Optional.empty(),
                Optional.empty(),
                1,
                List.of(),
                List.of(),
                "",
                Optional.empty());
    }

    private static Step step(Output... outputs) {
        return new Step(List.of(outputs), Optional.empty());
    }

    private void start(Engine engine) {
        host = EngineHost.start(
                (now, input) -> {
                    inputs.add(input);
                    return engine.handle(now, input);
                },
                ports,
                board,
                (question, answer) -> {},
                log,
                counters);
    }

    @Test
    void theStartComesBeforeAllElseAndEachKindOfNewsArrives() throws InterruptedException {
        start((now, input) -> step());
        host.tell(new KernelEvent.Overrun());
        host.tell(Cpus.firstOnes(2));
        assertThat(inputs.take()).isEqualTo(new Input.Start());
        assertThat(List.of(inputs.take(), inputs.take()))
                .containsExactlyInAnyOrder(
                        new Input.FromKernel(new KernelEvent.Overrun()), new Input.CpusChanged(Cpus.firstOnes(2)));
    }

    @Test
    void whatOneSendsTheOtherReceives() throws InterruptedException {
        Endpoint ike = ports.endpoints().get(0);
        Endpoint nat = ports.endpoints().get(1);
        Bytes octets = Bytes.hex("c0ffee");
        start((now, input) -> input instanceof Input.Start ? step(new Output.Send(nat, nat, octets, true)) : step());
        assertThat(inputs.take()).isEqualTo(new Input.Start());
        assertThat(inputs.take()).isEqualTo(new Input.Datagram(nat, nat, octets, true));
        assertThat(ike).isNotEqualTo(nat);
    }

    @Test
    void eachAnswerReachesTheOneWhoAsked() {
        start((now, input) -> {
            if (input instanceof Input.Up up) {
                return step(new Output.Reply(up.ticket(), true, "up " + up.tunnel()));
            }
            if (input instanceof Input.Down down) {
                return step(
                        new Output.Reply(down.ticket(), false, "down " + down.tunnel()),
                        new Output.Reply(99, true, "to nobody"));
            }
            return step();
        });
        CompletableFuture<Output.Reply> up = host.up("b");
        CompletableFuture<Output.Reply> down = host.down("c");
        assertThat(up.join()).matches(reply -> reply.ok() && reply.text().equals("up b"));
        assertThat(down.join()).matches(reply -> !reply.ok() && reply.text().equals("down c"));
    }

    @Test
    void statusGoesToTheBoardAndEventsToTheLog() {
        start((now, input) -> input instanceof Input.Up up
                ? step(
                        new Output.Status(status(TunnelStatus.State.UP)),
                        new Output.Told(new Event(Event.Level.INFO, "b", "ike-up", "text")),
                        new Output.Reply(up.ticket(), true, ""))
                : step());
        host.up("b").join();
        assertThat(board.of(tunnel.name())).contains(status(TunnelStatus.State.UP));
        assertThat(lines.lines()).containsExactly("INFO tunnel=b code=ike-up text");
    }

    @Test
    void theFirstStopDecidesAndWhoeverStillWaitsIsRefused() {
        start((now, input) -> input instanceof Input.Stop ? step(new Output.Stopped()) : step());
        CompletableFuture<Output.Reply> up = host.up("b");
        host.stop(true);
        host.stop(false);
        host.ended().join();
        assertThat(inputs).contains(new Input.Stop(true)).doesNotContain(new Input.Stop(false));
        assertThat(up.join()).matches(reply -> !reply.ok() && reply.text().equals("the daemon has stopped"));
        assertThat(host.down("b").join()).matches(reply -> !reply.ok());
    }
}
