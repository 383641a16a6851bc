package org.ikev2d.core.world;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;

/** A row of the {@link FakeKernel}'s table: a full state, a reserved SPI or an open ACQUIRE. */
final class XfrmState {
    enum Kind {
        FULL,
        /** From ALLOCSPI. */
        RESERVATION,
        /** From a packet that found no state; has no SPI. */
        ACQUIRE
    }

    final Kind kind;
    /** Empty for an ACQUIRE. */
    final Optional<SaId> id;

    final IpAddress source;
    final IpAddress destination;
    final ReqId reqId;
    final Direction direction;
    final Optional<CpuId> cpu;
    /** That of a larval one does not matter. */
    final EspMode mode;

    Optional<Encapsulation> encapsulation;
    /** When a larval one goes; empty for a full one. */
    final Optional<MonoTime> deadline;
    /** Of an ACQUIRE, else 0. */
    final int sequence;
    /**
     * A fingerprint of the algorithms, the mode and the keys of a full state, else empty: two states with equal ones understand each
     * other. The keys themselves are not kept.
     */
    final Bytes keys;

    /** Larger than that of every state inserted before. */
    int order;

    SaUsage usage = SaUsage.NONE;
    private SaLimits limits = SaLimits.UNLIMITED;
    private boolean softTold;
    private Endpoint told;

    private XfrmState(
            Kind kind,
            Optional<SaId> id,
            IpAddress source,
            IpAddress destination,
            ReqId reqId,
            Direction direction,
            Optional<CpuId> cpu,
            EspMode mode,
            Optional<Encapsulation> encapsulation,
            Optional<MonoTime> deadline,
            int sequence,
            Bytes keys) {
        this.kind = kind;
        this.id = id;
        this.source = source;
        this.destination = destination;
        this.reqId = reqId;
        this.direction = direction;
        this.cpu = cpu;
        this.mode = mode;
        this.encapsulation = encapsulation;
        this.deadline = deadline;
        this.sequence = sequence;
        this.keys = keys;
    }

    static XfrmState full(SaSpec sa) {
        XfrmState state = new XfrmState(
                Kind.FULL,
                Optional.of(sa.id()),
                sa.source(),
                sa.id().destination(),
                sa.reqId(),
                sa.direction(),
                sa.cpu(),
                sa.mode(),
                sa.encapsulation(),
                Optional.empty(),
                0,
                fingerprint(sa.suite(), sa.mode(), sa.keys()));
        state.limits = sa.limits();
        return state;
    }

    /** The same between other endpoints. */
    XfrmState along(OuterHeader header) {
        XfrmState moved = new XfrmState(
                kind,
                id.map(known -> new SaId(header.destination(), known.spi())),
                header.source(),
                header.destination(),
                reqId,
                direction,
                cpu,
                mode,
                header.encapsulation(),
                deadline,
                sequence,
                keys);
        moved.usage = usage;
        moved.limits = limits;
        moved.softTold = softTold;
        return moved;
    }

    static XfrmState reservation(SaId id, IpAddress source, ReqId reqId, MonoTime deadline) {
        return new XfrmState(
                Kind.RESERVATION,
                Optional.of(id),
                source,
                id.destination(),
                reqId,
                Direction.IN,
                Optional.empty(),
                EspMode.TUNNEL,
                Optional.empty(),
                Optional.of(deadline),
                0,
                Bytes.empty());
    }

    static XfrmState acquire(
            IpAddress source,
            IpAddress destination,
            ReqId reqId,
            Optional<CpuId> cpu,
            MonoTime deadline,
            int sequence) {
        return new XfrmState(
                Kind.ACQUIRE,
                Optional.empty(),
                source,
                destination,
                reqId,
                Direction.OUT,
                cpu,
                EspMode.TUNNEL,
                Optional.empty(),
                Optional.of(deadline),
                sequence,
                Bytes.empty());
    }

    boolean isFull() {
        return kind == Kind.FULL;
    }

    boolean isFor(IpAddress from, IpAddress to, ReqId tunnel) {
        return reqId.equals(tunnel) && source.equals(from) && destination.equals(to);
    }

    /** Whether it is what a policy's template asks for, where it is a full one. */
    boolean suits(PolicySpec policy) {
        return isFor(policy.source(), policy.destination(), policy.reqId())
                && (!isFull() || (mode == EspMode.TRANSPORT) == (policy.action() == PolicySpec.Action.TRANSPORT));
    }

    /**
     * What is told of a packet that came in UDP from elsewhere; where any port will do, of the first from each
     * (XFRMA_MTIMER_THRESH).
     */
    Optional<KernelEvent> mapping(EspPacket esp) {
        if (encapsulation.isEmpty()) {
            return Optional.empty();
        }
        Endpoint known = new Endpoint(source, encapsulation.get().sourcePort());
        Endpoint seen =
                new Endpoint(esp.source(), esp.encapsulation().orElseThrow().sourcePort());
        boolean old = seen.equals(known) || (known.port() == 0 && seen.equals(told));
        told = seen;
        return old ? Optional.empty() : Optional.of(new KernelEvent.Mapping(id.orElseThrow(), reqId, known, seen));
    }

    /** What holds packets that came in by it: nothing is forwarded in transport mode. */
    List<Direction> inboundPolicies() {
        return mode == EspMode.TRANSPORT ? List.of(Direction.IN) : List.of(Direction.IN, Direction.FORWARD);
    }

    void count(Packet packet, MonoTime now) {
        long second = Math.floorDiv(now.nanos(), 1_000_000_000L) + 1_000_000;
        usage = new SaUsage(usage.bytes() + packet.size(), usage.packets() + 1, second);
    }

    /** Whether its hard limit is reached. */
    boolean isWornOut() {
        return usage.bytes() >= limits.hardBytes() || usage.packets() >= limits.hardPackets();
    }

    /** Whether its soft limit is reached; said once. */
    boolean becameWorn() {
        boolean worn = !softTold && (usage.bytes() >= limits.softBytes() || usage.packets() >= limits.softPackets());
        softTold |= worn;
        return worn;
    }

    Optional<InstalledSa> installed() {
        return id.map(known -> new InstalledSa(known, source, reqId, Optional.of(direction), cpu, !isFull()));
    }

    private static Bytes fingerprint(EspSuite suite, EspMode mode, EspKeys keys) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
        digest.update((suite + " " + mode).getBytes(StandardCharsets.UTF_8));
        keys.encryption().use(octets -> update(digest, octets));
        keys.integrity().use(octets -> update(digest, octets));
        return Bytes.of(digest.digest()).slice(0, 8);
    }

    private static boolean update(MessageDigest digest, byte[] octets) {
        digest.update((byte) octets.length);
        digest.update(octets);
        return true;
    }

    @Override
    public String toString() {
        return kind
                + " "
                + direction
                + " "
                + id.map(known -> known.spi().toString()).orElse("-")
                + " "
                + source
                + ">"
                + destination
                + cpu.map(number -> " cpu " + number).orElse("");
    }
}
