package org.ikev2d.xfrm;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.codec.Placement;
import org.ikev2d.xfrm.codec.PolicyRequests;
import org.ikev2d.xfrm.codec.PolicyState;
import org.ikev2d.xfrm.codec.ReplayStateEsn;
import org.ikev2d.xfrm.codec.SaRequests;
import org.ikev2d.xfrm.codec.SaState;
import org.ikev2d.xfrm.codec.StateCopy;
import org.ikev2d.xfrm.codec.XfrmMessage;
import org.ikev2d.xfrm.netlink.Conversation;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.netlink.NetlinkException;
import org.ikev2d.xfrm.netlink.NetlinkWriter;
import org.ikev2d.xfrm.socket.NetlinkSocket;
import org.ikev2d.xfrm.steering.InboundSa;

/**
 * Linux' XFRM over a netlink socket of its own, in the network namespace of the thread that opens it.
 *
 * <p>One instance is used by one thread at a time; another thread, that reads counters say, opens another instance.
 *
 * <p>What has no reqid of ours is looked at, and left alone: before a state or a policy is replaced or removed, the
 * kernel is asked whose it is.
 */
public final class XfrmKernel implements Kernel, AutoCloseable {
    /** SPIs that we hand out, away from small numbers that people choose by hand. */
    static final int LOWEST_SPI = 0xc000_0000;

    static final int HIGHEST_SPI = 0xffff_ffff;

    private final Conversation conversation;
    private final Placement placement;
    private final int port;
    private Optional<SaState> probed = Optional.empty();

    XfrmKernel(Conversation conversation, Placement placement, int port) {
        this.conversation = conversation;
        this.placement = placement;
        this.port = port;
    }

    public static XfrmKernel open() throws KernelException {
        return open(Placement.NONE);
    }

    /** For states and policies that belong to an interface, a mark or a device. */
    public static XfrmKernel open(Placement placement) throws KernelException {
        try {
            NetlinkSocket socket = NetlinkSocket.forRequests();
            return new XfrmKernel(new Conversation(socket), placement, socket.number());
        } catch (NetlinkException e) {
            throw Refusals.of("opening NETLINK_XFRM", e);
        }
    }

    /** What the running kernel and our rights allow; leaves nothing behind. */
    public static Capabilities probe() {
        return Probe.run();
    }

    @Override
    public EspSpi allocateSpi(IpAddress source, IpAddress destination, ReqId reqId) throws KernelException {
        try {
            SaState reserved = conversation.query(
                    XfrmMessage.ALLOCSPI.code(),
                    out -> SaRequests.allocateSpi(out, source, destination, reqId, LOWEST_SPI, HIGHEST_SPI, placement),
                    message -> SaState.read(message.body()));
            return new EspSpi(reserved.info().id().spi());
        } catch (NetlinkException e) {
            throw Refusals.of("ALLOCSPI from " + source + " to " + destination, e);
        }
    }

    /** An inbound state goes in also where its reservation has expired (net.core.xfrm_acq_expires, 30 s). */
    @Override
    public void install(SaSpec sa) throws KernelException {
        boolean inbound = sa.direction() == Direction.IN;
        if (sa.replayWindow() < 0 || sa.replayWindow() > ReplayStateEsn.LARGEST_WINDOW) {
            throw new KernelException(
                    operation(XfrmMessage.NEWSA, sa.id()),
                    Errno.EINVAL.number(),
                    "replay window " + sa.replayWindow() + ", the kernel takes 0 to " + ReplayStateEsn.LARGEST_WINDOW);
        }
        SaState known = probed();
        if (sa.cpu().isPresent() && known.cpu().isEmpty()) {
            throw new KernelException(
                    operation(XfrmMessage.NEWSA, sa.id()),
                    Errno.EOPNOTSUPP.number(),
                    "the kernel has no states for single CPUs; it is older than Linux 6.13");
        }
        boolean withDirection = known.direction().isPresent();
        XfrmMessage request = inbound && holdsReservation(sa) ? XfrmMessage.UPDSA : XfrmMessage.NEWSA;
        change(request, operation(request, sa.id()), out -> SaRequests.install(out, sa, withDirection, placement));
    }

    /**
     * XFRM_MSG_UPDSA changes the ports of a state and nothing else. For other addresses a successor is made of all that the
     * kernel shows; packets that an inbound state would have taken between its end and its successor's beginning are lost.
     */
    @Override
    public SaId move(SaId id, OuterHeader header) throws KernelException {
        SaId name = new SaId(header.destination(), id.spi());
        try (StateCopy state = copy(id)) {
            if (state.differsInPortsOnly(header)) {
                change(XfrmMessage.UPDSA, operation(XfrmMessage.UPDSA, id), out -> state.writeChange(out, header));
                return name;
            }
            if (state.isSpent()) {
                throw new KernelException(
                        operation(XfrmMessage.NEWSA, name), Errno.ERANGE.number(), "its sequence numbers are used up");
            }
            if (name.equals(id)) {
                remove(id);
            }
            change(XfrmMessage.NEWSA, operation(XfrmMessage.NEWSA, name), out -> state.writeSuccessor(out, header));
        }
        return name;
    }

    /** With its keys. */
    private StateCopy copy(SaId id) throws KernelException {
        String operation = operation(XfrmMessage.GETSA, id);
        if (find(id).filter(SaState::isOurs).isEmpty()) {
            throw new KernelException(operation, Errno.ESRCH.number(), "there is no such state of ours");
        }
        try {
            StateCopy copy = conversation.query(
                    XfrmMessage.GETSA.code(),
                    out -> SaRequests.name(out, id, Optional.empty(), placement),
                    message -> StateCopy.read(message.body()));
            if (copy.isRedacted()) {
                copy.close();
                throw new KernelException(
                        operation, Errno.EPERM.number(), "a kernel in lockdown does not show the keys of a state");
            }
            return copy;
        } catch (NetlinkException e) {
            throw Refusals.of(operation, e);
        }
    }

    @Override
    public void remove(SaId id) throws KernelException {
        Optional<SaState> found = find(id);
        if (found.isEmpty() || !found.get().isOurs()) {
            return;
        }
        removeIfThere(
                XfrmMessage.DELSA,
                operation(XfrmMessage.DELSA, id),
                out -> SaRequests.name(out, id, Optional.empty(), placement));
    }

    /** Replacing makes the kernel look up cached flows anew, so a policy is set again even when it is the same. */
    @Override
    public void setPolicy(PolicySpec policy) throws KernelException {
        Optional<PolicyState> found = find(policy.id());
        if (found.isPresent() && found.get().reqId().isEmpty()) {
            throw new KernelException(
                    operation(XfrmMessage.UPDPOLICY, policy.id()),
                    Errno.EEXIST.number(),
                    "another program has a policy with this selector; remove it, or change the tunnel's selectors");
        }
        XfrmMessage request = found.isPresent() ? XfrmMessage.UPDPOLICY : XfrmMessage.NEWPOLICY;
        change(request, operation(request, policy.id()), out -> PolicyRequests.set(out, policy, placement));
    }

    @Override
    public void removePolicy(PolicyId id) throws KernelException {
        Optional<PolicyState> found = find(id);
        if (found.isEmpty() || found.get().reqId().isEmpty()) {
            return;
        }
        removeIfThere(
                XfrmMessage.DELPOLICY,
                operation(XfrmMessage.DELPOLICY, id),
                out -> PolicyRequests.name(out, id, placement));
    }

    @Override
    public Optional<SaUsage> usage(SaId id) throws KernelException {
        return find(id).filter(SaState::isOurs).map(SaState::usage);
    }

    @Override
    public List<InstalledSa> installedSas() throws KernelException {
        try {
            return conversation.dump(XfrmMessage.GETSA.code(), SaRequests::dump, message -> {
                SaState state = SaState.read(message.body());
                return state.isOurs() ? state.toInstalledSa() : Optional.empty();
            });
        } catch (NetlinkException e) {
            throw Refusals.of("GETSA of all states", e);
        }
    }

    /** All usable inbound states with a reqid of ours, as far as a NIC is concerned; with SAs of Linux 6.10 or later. */
    public List<InboundSa> inboundSas() throws KernelException {
        try {
            return conversation.dump(XfrmMessage.GETSA.code(), SaRequests::dump, message -> {
                SaState state = SaState.read(message.body());
                return state.isOurs() && state.direction().equals(Optional.of(Direction.IN))
                        ? state.toInstalledSa()
                                .filter(sa -> !sa.larval())
                                .map(sa -> new InboundSa(sa.id(), sa.source(), sa.cpu(), state.encapsulation()))
                        : Optional.empty();
            });
        } catch (NetlinkException e) {
            throw Refusals.of("GETSA of all states", e);
        }
    }

    @Override
    public List<PolicySpec> installedPolicies() throws KernelException {
        try {
            return conversation.dump(
                    XfrmMessage.GETPOLICY.code(),
                    out -> {},
                    message -> PolicyState.read(message.body()).toPolicySpec());
        } catch (NetlinkException e) {
            throw Refusals.of("GETPOLICY of all policies", e);
        }
    }

    /** Like {@link #clearCpuAcquire(Set)}, for every reqid of our range. */
    public int clearCpuAcquire() throws KernelException {
        return clear(policies());
    }

    /**
     * Takes XFRM_POLICY_CPU_ACQUIRE off the policies of these reqids, and leaves them otherwise as they are. Wherever
     * the flag stands and nobody answers, a CPU without a state of its own loses all its packets.
     *
     * @return how many policies had it
     */
    public int clearCpuAcquire(Set<ReqId> reqIds) throws KernelException {
        return clear(policies().stream()
                .filter(policy -> policy.reqId().filter(reqIds::contains).isPresent())
                .toList());
    }

    /** The port that multicasts caused by this instance's requests bear. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        conversation.close();
    }

    /** One that fails does not keep the flag on the others. */
    private int clear(List<PolicyState> policies) throws KernelException {
        int cleared = 0;
        Optional<KernelException> failure = Optional.empty();
        for (PolicyState policy : policies) {
            if (policy.info().isCpuAcquire()) {
                try {
                    change(
                            XfrmMessage.UPDPOLICY,
                            "UPDPOLICY "
                                    + Integer.toUnsignedString(policy.info().index()) + " without CPU_ACQUIRE",
                            out -> policy.withoutCpuAcquire().write(out));
                    cleared++;
                } catch (KernelException e) {
                    failure = Optional.of(e);
                }
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return cleared;
    }

    private List<PolicyState> policies() throws KernelException {
        try {
            return conversation.dump(
                    XfrmMessage.GETPOLICY.code(),
                    out -> {},
                    message -> Optional.of(PolicyState.read(message.body()))
                            .filter(policy -> policy.reqId().isPresent()));
        } catch (NetlinkException e) {
            throw Refusals.of("GETPOLICY of all policies", e);
        }
    }

    /**
     * A state in the place of an inbound one must be a reservation of ours: XFRM_MSG_UPDSA would leave any other its
     * keys, and say nothing.
     */
    private boolean holdsReservation(SaSpec sa) throws KernelException {
        Optional<SaState> found = find(sa.id());
        if (found.isPresent() && (found.get().keyed() || !found.get().isOurs())) {
            throw new KernelException(
                    operation(XfrmMessage.UPDSA, sa.id()),
                    Errno.EEXIST.number(),
                    found.get().isOurs() ? "it is installed already" : "another program has this SPI");
        }
        return found.isPresent();
    }

    /** A kernel that does not know XFRMA_SA_DIR or XFRMA_SA_PCPU ignores them: it must be asked once. */
    private SaState probed() throws KernelException {
        if (probed.isEmpty()) {
            try {
                probed = Optional.of(Probe.reserve(conversation));
            } catch (NetlinkException e) {
                throw Refusals.of("ALLOCSPI to see what the kernel knows", e);
            }
        }
        return probed.orElseThrow();
    }

    private Optional<SaState> find(SaId id) throws KernelException {
        try {
            return Optional.of(conversation.query(
                    XfrmMessage.GETSA.code(),
                    out -> SaRequests.name(out, id, Optional.empty(), placement),
                    message -> SaState.read(message.body())));
        } catch (NetlinkException e) {
            if (isAbsent(e)) {
                return Optional.empty();
            }
            throw Refusals.of(operation(XfrmMessage.GETSA, id), e);
        }
    }

    private Optional<PolicyState> find(PolicyId id) throws KernelException {
        try {
            return Optional.of(conversation.query(
                    XfrmMessage.GETPOLICY.code(),
                    out -> PolicyRequests.name(out, id, placement),
                    message -> PolicyState.read(message.body())));
        } catch (NetlinkException e) {
            if (isAbsent(e)) {
                return Optional.empty();
            }
            throw Refusals.of(operation(XfrmMessage.GETPOLICY, id), e);
        }
    }

    private void change(XfrmMessage message, String operation, Consumer<NetlinkWriter> body) throws KernelException {
        try {
            conversation.change(message.code(), body);
        } catch (NetlinkException e) {
            throw Refusals.of(operation, e);
        }
    }

    private void removeIfThere(XfrmMessage message, String operation, Consumer<NetlinkWriter> body)
            throws KernelException {
        try {
            conversation.change(message.code(), body);
        } catch (NetlinkException e) {
            if (!isAbsent(e)) {
                throw Refusals.of(operation, e);
            }
        }
    }

    private static boolean isAbsent(NetlinkException e) {
        return e.isRefusal() && (e.is(Errno.ESRCH) || e.is(Errno.ENOENT));
    }

    private static String operation(XfrmMessage message, SaId id) {
        return message + " " + id.spi() + " to " + id.destination();
    }

    private static String operation(XfrmMessage message, PolicyId id) {
        return message + " " + id.direction() + " from " + id.selector().source() + "/"
                + id.selector().sourcePrefix() + " to " + id.selector().destination() + "/"
                + id.selector().destinationPrefix();
    }
}
