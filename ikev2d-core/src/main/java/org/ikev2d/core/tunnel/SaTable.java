package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.AnswerMemory;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.Workbench;
import org.ikev2d.core.wire.IkeSpi;

/** All IKE SAs by our SPI, those that peers began by theirs too, and the last answers of those that have ended. */
final class SaTable {
    /** As long as a peer goes on repeating a request. */
    private static final Duration REMEMBERED = Duration.ofSeconds(60);

    private static final int MOST_REMEMBERED = 1024;

    private final Workbench bench;
    private final Map<IkeSpi, IkeSa> byLocalSpi = new LinkedHashMap<>();
    private final Map<Origin, IkeSa> byOrigin = new LinkedHashMap<>();
    private final Map<IkeSpi, Memory> ended = new LinkedHashMap<>();

    SaTable(Workbench bench) {
        this.bench = bench;
    }

    /** Where a peer's attempt comes from. */
    private record Origin(IkeSpi initiatorSpi, IpAddress address) {}

    private record Memory(AnswerMemory answers, MonoTime until) {}

    void add(IkeSa sa) {
        byLocalSpi.put(sa.localSpi(), sa);
        if (sa.role() == Role.RESPONDER && sa.isComingUp()) {
            byOrigin.put(origin(sa), sa);
        }
    }

    private static Origin origin(IkeSa sa) {
        return new Origin(sa.remoteSpi(), sa.origin());
    }

    Collection<IkeSa> all() {
        return List.copyOf(byLocalSpi.values());
    }

    Optional<IkeSa> byLocalSpi(IkeSpi spi) {
        return Optional.ofNullable(byLocalSpi.get(spi));
    }

    Optional<IkeSa> byOrigin(IkeSpi initiatorSpi, IpAddress address) {
        return Optional.ofNullable(byOrigin.get(new Origin(initiatorSpi, address)));
    }

    /** Attempts of peers that have not proven themselves. */
    int halfOpen() {
        return (int) byOrigin.values().stream().filter(IkeSa::isComingUp).count();
    }

    /** IKE SAs between a tunnel's endpoints that may come up beside its own, {@code known}. */
    Stream<IkeSa> rivals(TunnelPolicy policy, List<IkeSa> known) {
        return Stream.concat(
                known.stream().filter(IkeSa::isComingUp),
                byOrigin.values().stream()
                        .filter(IkeSa::isComingUp)
                        .filter(sa -> sa.path().local().address().equals(policy.local())
                                && sa.path().remote().address().equals(policy.remote())));
    }

    /** The answer to {@code request}, if it was the last of an IKE SA that has ended; else nothing. */
    List<Bytes> lastAnswer(IkeSpi localSpi, Bytes request) {
        return Optional.ofNullable(ended.get(localSpi))
                .map(one -> one.answers().repeat(request))
                .orElse(List.of());
    }

    /** Forgets {@code sa}, but for its last answer. */
    void ended(IkeSa sa) {
        byLocalSpi.remove(sa.localSpi());
        byOrigin.remove(origin(sa), sa);
        if (ended.size() >= MOST_REMEMBERED) {
            ended.remove(ended.keySet().iterator().next());
        }
        ended.put(sa.localSpi(), new Memory(sa.answers(), bench.now().plus(REMEMBERED)));
    }

    /** When the oldest memory fades. */
    Optional<MonoTime> due() {
        return ended.values().stream().findFirst().map(Memory::until);
    }

    void onTime() {
        ended.values().removeIf(one -> Deadlines.isDue(Optional.of(one.until()), bench.now()));
    }
}
