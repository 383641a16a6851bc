package org.ikev2d.core.scenario;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;

/** Two wishes about Child SAs or the IKE SA, one of each end, that cross. */
enum Collision {
    REKEY_AGAINST_REKEY(Wish.REKEY, Wish.REKEY),
    REKEY_AGAINST_DELETE(Wish.REKEY, Wish.DELETE),
    DELETE_AGAINST_REKEY(Wish.DELETE, Wish.REKEY),
    DELETE_AGAINST_DELETE(Wish.DELETE, Wish.DELETE),
    CREATE_AGAINST_REKEY(Wish.CREATE, Wish.REKEY),
    REKEY_AGAINST_CREATE(Wish.REKEY, Wish.CREATE),
    REKEY_AGAINST_REKEY_OF_ANOTHER(Wish.REKEY, Wish.REKEY_ANOTHER),
    CREATE_AGAINST_CREATE(Wish.CREATE, Wish.CREATE),
    IKE_REKEY_AGAINST_IKE_REKEY(Wish.REKEY_IKE, Wish.REKEY_IKE),
    IKE_REKEY_AGAINST_REKEY(Wish.REKEY_IKE, Wish.REKEY),
    REKEY_AGAINST_IKE_REKEY(Wish.REKEY, Wish.REKEY_IKE),
    IKE_REKEY_AGAINST_DELETE(Wish.REKEY_IKE, Wish.DELETE),
    DELETE_AGAINST_IKE_REKEY(Wish.DELETE, Wish.REKEY_IKE),
    IKE_REKEY_AGAINST_CREATE(Wish.REKEY_IKE, Wish.CREATE),
    CREATE_AGAINST_IKE_REKEY(Wish.CREATE, Wish.REKEY_IKE);

    private enum Wish {
        REKEY,
        REKEY_ANOTHER,
        DELETE,
        CREATE,
        REKEY_IKE
    }

    private static final CpuId ANOTHER = new CpuId(0);
    private static final CpuId THIRD = new CpuId(2);
    private static final Optional<CpuId> FALLBACK = Optional.empty();

    private final Wish first;
    private final Wish second;

    Collision(Wish first, Wish second) {
        this.first = first;
        this.second = second;
    }

    /** Per-CPU SAs that either end takes, and that there are in the end. */
    int limit() {
        return isAbout(Wish.CREATE) ? 3 : 2;
    }

    /** Those that are online at first. Where there are more than SAs for them, the fallback carries traffic, too. */
    Cpus cpus() {
        return isAbout(Wish.CREATE) ? online(0, 1) : online(0, 1, 2);
    }

    /** Whether SAs are rekeyed, and nothing else. */
    boolean isAboutRekeysAlone() {
        return !isAbout(Wish.CREATE) && !isAbout(Wish.DELETE);
    }

    private boolean isAbout(Wish wish) {
        return first == wish || second == wish;
    }

    private static Cpus online(Integer... numbers) {
        return Cpus.of(Stream.of(numbers).map(CpuId::new).toList(), 8);
    }

    /** Which SAs it may be about, by their CPU. A fallback goes only for another in its place, or with its IKE SA. */
    List<Optional<CpuId>> subjects() {
        Optional<CpuId> perCpu = Optional.of(new CpuId(1));
        return switch (this) {
            case REKEY_AGAINST_DELETE, DELETE_AGAINST_REKEY, DELETE_AGAINST_DELETE -> List.of(perCpu);
            case IKE_REKEY_AGAINST_DELETE, DELETE_AGAINST_IKE_REKEY -> List.of(perCpu);
            case CREATE_AGAINST_CREATE,
                    IKE_REKEY_AGAINST_IKE_REKEY,
                    IKE_REKEY_AGAINST_CREATE,
                    CREATE_AGAINST_IKE_REKEY -> List.of(FALLBACK);
            default -> List.of(FALLBACK, perCpu);
        };
    }

    /** What happens at both ends before. */
    void prepare(End end) {
        if (isAbout(Wish.CREATE)) {
            end.gateway().changeCpus(online(0, 1, 2));
        }
    }

    void begin(End one, Optional<CpuId> subject) {
        wish(first, one, subject);
    }

    void follow(End other, Optional<CpuId> subject) {
        wish(second, other, subject);
    }

    private static void wish(Wish what, End end, Optional<CpuId> subject) {
        switch (what) {
            case REKEY -> rekey(end, subject);
            case REKEY_ANOTHER -> rekey(end, Optional.of(ANOTHER));
            case DELETE -> delete(end, subject);
            case CREATE -> create(end);
            case REKEY_IKE -> end.gateway().rekeyIke("t");
        }
    }

    /** The youngest SA of {@code cpu}. */
    private static Optional<ChildStatus> of(End end, Optional<CpuId> cpu) {
        return end.children().stream().filter(child -> child.cpu().equals(cpu)).reduce((older, younger) -> younger);
    }

    private static ReqId reqId(End end) {
        return end.kernel().policies().get(0).reqId().tunnel();
    }

    /** The kernel says that it has carried nearly enough. */
    static void rekey(End end, Optional<CpuId> cpu) {
        of(end, cpu).ifPresent(child -> end.gateway().hear(new KernelEvent.Expire(child.inbound(), reqId(end), false)));
    }

    /** Its outbound half has carried all that it may, so the kernel has taken it out. */
    static void delete(End end, Optional<CpuId> cpu) {
        of(end, cpu).ifPresent(child -> {
            try {
                end.kernel().remove(child.outbound());
            } catch (KernelException impossible) {
                throw new AssertionError(impossible);
            }
            end.gateway().hear(new KernelEvent.Expire(child.outbound(), reqId(end), true));
        });
    }

    /** A CPU sends that has no SA of its own. */
    private static void create(End end) {
        boolean left = end.gateway().address().equals(Tunnels.LEFT);
        Packet packet = Packet.udp(Tunnels.host(left ? 1 : 2), 4000, Tunnels.host(left ? 2 : 1), 7);
        end.gateway().hear(new KernelEvent.Acquire(7, reqId(end), Optional.of(THIRD), packet.selector()));
    }
}
