package org.ikev2d.daemon.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.daemon.loop.Inbox.Work;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final Endpoint ANY = new Endpoint(IpAddress.of(new byte[] {127, 0, 0, 1}), 500);
    private static final Input TICK = new Input.Tick();

    private final AtomicLong nanos = new AtomicLong(100);
    private final Inbox inbox = new Inbox(() -> new MonoTime(nanos.get()), new Inbox.Bounds(3, 1000, 2));

    static Input.Datagram datagram(int number) {
        return new Input.Datagram(ANY, ANY, Bytes.of((byte) number), false);
    }

    static KernelEvent event(int number) {
        return new KernelEvent.Expire(new SaId(ANY.address(), new EspSpi(0x1000 + number)), ReqId.ofTunnel(0), true);
    }

    private static Input told(KernelEvent event) {
        return new Input.FromKernel(event);
    }

    private static Optional<MonoTime> at(long nanos) {
        return Optional.of(new MonoTime(nanos));
    }

    /** Whatever there is now, with a deadline at {@code deadline} that each take is given anew. */
    private List<Input> drain(int count, long deadline) throws InterruptedException {
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            inputs.add(((Work.Feed) inbox.take(at(deadline)).orElseThrow()).input());
        }
        return inputs;
    }

    @Test
    void commandsGoBeforeKernelEventsAndThoseBeforeDatagrams() throws InterruptedException {
        inbox.offer(datagram(1));
        inbox.offer(event(1));
        inbox.put(new Work.Feed(new Input.Stop(false)));
        inbox.offer(datagram(2));
        assertThat(drain(4, 1000)).containsExactly(new Input.Stop(false), told(event(1)), datagram(1), datagram(2));
    }

    @Test
    void aFloodOfDatagramsCrowdsOutNothingElse() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertThat(inbox.offer(datagram(i))).isTrue();
        }
        assertThat(inbox.offer(datagram(9))).isFalse();
        assertThat(inbox.offer(event(1))).isTrue();
        assertThat(inbox.put(new Work.Feed(new Input.Up(1, "b")))).isTrue();
        assertThat(drain(5, 1000))
                .containsExactly(new Input.Up(1, "b"), told(event(1)), datagram(0), datagram(1), datagram(2));
    }

    @Test
    void aFewLongDatagramsFillItToo() throws InterruptedException {
        Input.Datagram half = new Input.Datagram(ANY, ANY, Bytes.wrap(new byte[500]), false);
        assertThat(inbox.offer(half)).isTrue();
        assertThat(inbox.offer(half)).isTrue();
        assertThat(inbox.offer(datagram(1))).isFalse();
        assertThat(drain(1, 1000)).containsExactly(half);
        assertThat(inbox.offer(datagram(1))).isTrue();
        assertThat(inbox.offer(half)).isFalse();
        assertThat(drain(2, 1000)).containsExactly(half, datagram(1));
        assertThat(inbox.offer(half)).isTrue();
        assertThat(inbox.offer(half)).isTrue();
    }

    @Test
    void eventsWithoutAPlaceBecomeOneOverrunAfterThoseThatHadOne() throws InterruptedException {
        assertThat(inbox.offer(event(1))).isTrue();
        assertThat(inbox.offer(event(2))).isTrue();
        assertThat(inbox.offer(event(3))).isFalse();
        assertThat(drain(1, 1000)).containsExactly(told(event(1)));
        // There would be room, but this one would overtake the overrun that stands for number 3.
        assertThat(inbox.offer(event(4))).isFalse();
        assertThat(drain(2, 1000)).containsExactly(told(event(2)), told(new KernelEvent.Overrun()));
        assertThat(inbox.offer(event(5))).isTrue();
        assertThat(drain(1, 1000)).containsExactly(told(event(5)));
    }

    @Test
    void anOverrunAlwaysFindsAPlace() throws InterruptedException {
        inbox.offer(event(1));
        inbox.offer(event(2));
        assertThat(inbox.offer(new KernelEvent.Overrun())).isTrue();
        assertThat(drain(3, 1000)).containsExactly(told(event(1)), told(event(2)), told(new KernelEvent.Overrun()));
    }

    @Test
    void aDueTickAndDatagramsTakeTurns() throws InterruptedException {
        inbox.offer(datagram(1));
        inbox.offer(datagram(2));
        assertThat(drain(5, 100)).containsExactly(TICK, datagram(1), TICK, datagram(2), TICK);
    }

    @Test
    void noTickComesBeforeItsDeadline() throws InterruptedException {
        inbox.offer(datagram(1));
        inbox.offer(datagram(2));
        assertThat(drain(1, 101)).containsExactly(datagram(1));
        nanos.set(101);
        assertThat(drain(2, 101)).containsExactly(TICK, datagram(2));
    }

    @Test
    void afterCloseNothingIsTakenOrKept() throws InterruptedException {
        inbox.offer(datagram(1));
        inbox.close();
        assertThat(inbox.take(Optional.empty())).isEmpty();
        assertThat(inbox.offer(datagram(2))).isFalse();
        assertThat(inbox.offer(event(2))).isFalse();
        assertThat(inbox.put(new Work.Run(() -> {}))).isFalse();
    }
}
