package org.ikev2d.core.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;

/**
 * A kernel that behaves as Linux does with per-CPU states, in memory and deterministic: states and policies come
 * through its port, packets through {@link #send} and {@link #receive}, and what it has to tell waits in
 * {@link #takeEvents}. It keeps no key.
 */
public final class FakeKernel implements Kernel {
    /** net.core.xfrm_acq_expires: how long reserved SPIs and open ACQUIREs stay. */
    public static final Duration LARVAL_LIFE = Duration.ofSeconds(30);

    public static final int ESRCH = 3;
    public static final int ENOMEM = 12;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;
    public static final int ERANGE = 34;

    private final Random random;
    private final VirtualClock clock;
    private final int possibleCpus;

    private final XfrmTables tables = new XfrmTables();
    private final List<KernelEvent> events = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Faults faults = new Faults();
    private int sequence;

    /** @param possibleCpus the bound for SA_PCPU */
    public FakeKernel(long seed, VirtualClock clock, int possibleCpus) {
        this.random = new Random(seed);
        this.clock = clock;
        this.possibleCpus = possibleCpus;
    }

    @Override
    public EspSpi allocateSpi(IpAddress source, IpAddress destination, ReqId reqId) throws KernelException {
        SaId id;
        do {
            id = new SaId(destination, new EspSpi(0xc000_0000 | random.nextInt(0x1000_0000)));
        } while (tables.find(id).isPresent());
        begin("ALLOCSPI " + text(id) + " from " + source);
        tables.insert(XfrmState.reservation(id, source, reqId, clock.now().plus(LARVAL_LIFE)));
        return id.spi();
    }

    @Override
    public void install(SaSpec sa) throws KernelException {
        String operation = (sa.direction() == Direction.IN ? "UPDSA in " : "NEWSA out ")
                + text(sa.id())
                + " from "
                + sa.source()
                + sa.cpu().map(cpu -> " cpu " + cpu).orElse("");
        begin(operation);
        check(sa, operation);
        Optional<XfrmState> present = tables.find(sa.id());
        if (present.filter(XfrmState::isFull).isPresent()) {
            throw new KernelException(operation, EEXIST, "File exists");
        }
        if (sa.direction() == Direction.IN) {
            tables.states.remove(present.orElseThrow(() -> new KernelException(operation, ESRCH, "No such process")));
        } else if (present.isPresent()) {
            throw new KernelException(operation, EEXIST, "File exists");
        } else {
            tables.answered(sa).ifPresent(tables.states::remove);
        }
        tables.insert(XfrmState.full(sa));
    }

    private void check(SaSpec sa, String operation) throws KernelException {
        if (sa.direction() == Direction.FORWARD) {
            throw new KernelException(operation, EINVAL, "Invalid argument");
        }
        if (sa.cpu().filter(cpu -> cpu.number() >= possibleCpus).isPresent()) {
            throw new KernelException(operation, ERANGE, "pCPU number too big");
        }
        if (sa.keys().encryption().size()
                        != KeySizes.encryptionKey(
                                sa.suite().encryption(), sa.suite().keyBits())
                || sa.keys().integrity().size()
                        != KeySizes.integrityKey(sa.suite().integrity())) {
            throw new KernelException(operation, EINVAL, "Invalid key length");
        }
        if (sa.direction() == Direction.IN && sa.suite().esn() && sa.replayWindow() == 0) {
            throw new KernelException(operation, EINVAL, "ESN replay window must be > 0");
        }
    }

    @Override
    public SaId move(SaId id, OuterHeader header) throws KernelException {
        String operation = "MOVE " + text(id) + ", now from " + header.source() + " to " + header.destination();
        begin(operation);
        return tables.move(id, header).orElseThrow(() -> new KernelException(operation, ESRCH, "No such process"));
    }

    @Override
    public void remove(SaId id) throws KernelException {
        begin("DELSA " + text(id));
        tables.find(id).ifPresent(tables::drop);
    }

    @Override
    public void setPolicy(PolicySpec policy) throws KernelException {
        begin("UPDPOLICY " + text(policy.id()) + (policy.cpuAcquire() ? " cpu-acquire" : "")
                + (policy.isBlock() ? " block" : ""));
        tables.policies.put(policy.id(), new XfrmPolicy(policy));
    }

    @Override
    public void removePolicy(PolicyId id) throws KernelException {
        begin("DELPOLICY " + text(id));
        tables.policies.remove(id);
    }

    @Override
    public Optional<SaUsage> usage(SaId id) throws KernelException {
        begin("GETSA " + text(id));
        return tables.find(id).filter(XfrmState::isFull).map(state -> state.usage);
    }

    @Override
    public List<InstalledSa> installedSas() throws KernelException {
        begin("dump states");
        return sas();
    }

    @Override
    public List<PolicySpec> installedPolicies() throws KernelException {
        begin("dump policies");
        return policies();
    }

    /** Every operation passes here: time has gone on, it is written down, and it may be told to fail. */
    private void begin(String operation) throws KernelException {
        expire();
        Optional<Integer> errno = faults.errnoFor(operation);
        log.add(operation + errno.map(number -> " FAILS with errno " + number).orElse(""));
        if (errno.isPresent()) {
            throw new KernelException(operation, errno.get(), "told to fail");
        }
    }

    private void expire() {
        if (nextDeadline().filter(deadline -> !deadline.isAfter(clock.now())).isEmpty()) {
            return;
        }
        List<XfrmState> due = tables.states.stream()
                .filter(state ->
                        state.deadline.isPresent() && !state.deadline.get().isAfter(clock.now()))
                .toList();
        for (XfrmState state : due) {
            tables.states.remove(state);
            state.id.ifPresent(id -> events.add(new KernelEvent.Expire(id, state.reqId, true)));
        }
    }

    /** What the kernel has to tell, oldest first; told once. */
    public List<KernelEvent> takeEvents() {
        expire();
        if (events.isEmpty()) {
            return List.of();
        }
        List<KernelEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** When the kernel next does something of itself. */
    public Optional<MonoTime> nextDeadline() {
        Optional<MonoTime> next = Optional.empty();
        for (XfrmState state : tables.states) {
            if (state.deadline.isPresent() && (next.isEmpty() || next.get().isAfter(state.deadline.get()))) {
                next = state.deadline;
            }
        }
        return next;
    }

    /** The netlink socket overran: what waits to be told is lost, and that is told. */
    public void loseEvents() {
        events.clear();
        events.add(new KernelEvent.Overrun());
    }

    /** Operations fail as {@code faults} is told. */
    public Faults faults() {
        return faults;
    }

    /** A packet that a CPU sends without a socket that remembers its path: a ping, a forwarded packet. */
    public Departure send(CpuId cpu, Packet packet) {
        expire();
        Optional<XfrmPolicy> policy = tables.policyFor(Direction.OUT, packet);
        if (policy.isEmpty()) {
            return new Departure.InClear(packet);
        }
        if (policy.get().spec.isBlock()) {
            return new Departure.Dropped("XfrmOutPolBlock");
        }
        return lookUp(policy.get(), cpu, packet)
                .<Departure>map(state -> encrypt(state, packet))
                .orElseGet(() -> new Departure.Dropped("XfrmOutNoStates"));
    }

    /** A packet of a connected socket, which keeps its state until that goes or the policy is set again. */
    public Departure send(CpuId cpu, Flow flow) {
        expire();
        Optional<XfrmPolicy> policy = tables.policyFor(Direction.OUT, flow.packet());
        XfrmTables.Remembered path = tables.flows.get(flow);
        if (policy.isPresent() && path != null && path.policy() == policy.get()) {
            return encrypt(path.state(), flow.packet());
        }
        tables.flows.remove(flow);
        if (policy.isEmpty()) {
            return new Departure.InClear(flow.packet());
        }
        if (policy.get().spec.isBlock()) {
            return new Departure.Dropped("XfrmOutPolBlock");
        }
        Optional<XfrmState> found = lookUp(policy.get(), cpu, flow.packet());
        found.ifPresent(state -> tables.flows.put(flow, new XfrmTables.Remembered(policy.get(), state)));
        return found.<Departure>map(state -> encrypt(state, flow.packet()))
                .orElseGet(() -> new Departure.Dropped("XfrmOutNoStates"));
    }

    /** The state that would carry such a packet now; asks as a packet does, and may lead to an ACQUIRE. */
    public Optional<SaId> outbound(CpuId cpu, Packet packet) {
        expire();
        return tables.policyFor(Direction.OUT, packet)
                .flatMap(policy -> lookUp(policy, cpu, packet))
                .flatMap(state -> state.id);
    }

    private Optional<XfrmState> lookUp(XfrmPolicy policy, CpuId cpu, Packet packet) {
        OutboundLookup.Result result = new OutboundLookup(policy, cpu).among(tables.states);
        if (result.acquire()) {
            PolicySpec spec = policy.spec;
            MonoTime deadline = clock.now().plus(LARVAL_LIFE);
            tables.insert(XfrmState.acquire(
                    spec.source(), spec.destination(), spec.reqId(), result.acquireCpu(), deadline, ++sequence));
            events.add(new KernelEvent.Acquire(sequence, spec.reqId(), result.acquireCpu(), packet.selector()));
        }
        return result.state();
    }

    private Departure encrypt(XfrmState state, Packet packet) {
        events.addAll(tables.count(state, packet, clock.now()));
        return new Departure.Encrypted(new EspPacket(
                state.source,
                state.destination,
                state.encapsulation,
                state.id.orElseThrow().spi(),
                state.keys,
                packet,
                state.cpu));
    }

    /** A packet from the network: decrypted by the state of its SPI, then held against the inbound policies. */
    public Arrival receive(EspPacket esp) {
        expire();
        Optional<XfrmState> found =
                tables.find(new SaId(esp.destination(), esp.spi())).filter(state -> state.direction == Direction.IN);
        if (found.isEmpty() || !found.get().isFull()) {
            return new Arrival.Dropped("XfrmInNoStates: " + esp.spi());
        }
        XfrmState state = found.get();
        if (state.encapsulation.isPresent() != esp.encapsulation().isPresent()) {
            return new Arrival.Dropped(
                    "XfrmInStateMismatch: " + (esp.encapsulation().isPresent() ? "" : "not ") + "in UDP");
        }
        if (!state.keys.equals(esp.keys())) {
            return new Arrival.Dropped("XfrmInStateProtoError: other keys for " + esp.spi());
        }
        state.mapping(esp).ifPresent(events::add);
        events.addAll(tables.count(state, esp.inner(), clock.now()));
        for (Direction direction : state.inboundPolicies()) {
            Optional<PolicySpec> suitable = tables.policyFor(direction, esp.inner())
                    .map(policy -> policy.spec)
                    .filter(spec -> !spec.isBlock() && state.suits(spec));
            if (suitable.isEmpty()) {
                return new Arrival.Dropped("XfrmInNoPols: " + direction.name().toLowerCase(Locale.ROOT));
            }
        }
        return new Arrival.Accepted(esp.inner());
    }

    /** As {@link #installedSas}, without being an operation. */
    public List<InstalledSa> sas() {
        expire();
        return tables.states.stream()
                .flatMap(state -> state.installed().stream())
                .toList();
    }

    /** As {@link #installedPolicies}, without being an operation. */
    public List<PolicySpec> policies() {
        return tables.policies.values().stream().map(policy -> policy.spec).toList();
    }

    /** As {@link #usage}, without being an operation. */
    public SaUsage counted(SaId id) {
        return tables.find(id).map(state -> state.usage).orElse(SaUsage.NONE);
    }

    /** Open ACQUIREs. */
    public int acquires() {
        expire();
        return (int) tables.states.stream()
                .filter(state -> state.kind == XfrmState.Kind.ACQUIRE)
                .count();
    }

    /** Whether every outbound state of either end has its inbound one at the other, with the same keys and algorithms. */
    public boolean understands(FakeKernel other) {
        return other.tables.full(Direction.IN).containsAll(tables.full(Direction.OUT))
                && tables.full(Direction.IN).containsAll(other.tables.full(Direction.OUT));
    }

    /** Everything in it, for stories; empty when it is as new. */
    public List<String> contents() {
        expire();
        List<String> lines = new ArrayList<>();
        tables.states.forEach(state -> lines.add(state.toString()));
        tables.policies.keySet().forEach(id -> lines.add("POLICY " + text(id)));
        return lines;
    }

    /** As {@link #contents}, without the open ACQUIREs, which nobody can take out: they fade. */
    public List<String> leftOver() {
        return contents().stream()
                .filter(line -> !line.startsWith(XfrmState.Kind.ACQUIRE.name()))
                .toList();
    }

    /** Every operation since the world began, oldest first. */
    public List<String> log() {
        return Collections.unmodifiableList(log);
    }

    private static String text(SaId id) {
        return "0x" + HexFormat.of().toHexDigits(id.spi().value()) + " to " + id.destination();
    }

    private static String text(PolicyId id) {
        PacketSelector selector = id.selector();
        return id.direction().name().toLowerCase(Locale.ROOT)
                + " "
                + selector.source()
                + "/"
                + selector.sourcePrefix()
                + ">"
                + selector.destination()
                + "/"
                + selector.destinationPrefix()
                + (selector.ipProtocol() == 0 ? "" : " proto " + selector.ipProtocol());
    }
}
