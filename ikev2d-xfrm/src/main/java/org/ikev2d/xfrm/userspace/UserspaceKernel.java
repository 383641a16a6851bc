package org.ikev2d.xfrm.userspace;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.socket.SpiQueues;

/**
 * The kernel's part, played in user space: states and policies in tables that the workers read. Any thread.
 *
 * <p>It differs from Linux where that helps: a queue whose question for an SA of its own is open goes on over the SA for
 * all, and every flow uses a new state at once. Nothing outlives the process.
 */
final class UserspaceKernel implements Kernel, Wear {
    /** SPIs that we hand out, away from small numbers that people choose by hand. */
    private static final int LOWEST_SPI = 0xc000_0000;

    private final Units units;
    private final SpiQueues spis;
    private final StateMaker maker;
    private final Guide guide;
    private final Events events;
    private final Retirement retirement = new Retirement();

    private final SecureRandom random = new SecureRandom();
    private final Map<SaId, State> states = new LinkedHashMap<>();
    private final Map<PolicyId, PolicySpec> policies = new LinkedHashMap<>();
    private final Map<ReqId, Questions> questions = new HashMap<>();
    private int turn;
    private volatile Tables tables;

    /** Makes states that work. */
    @FunctionalInterface
    interface StateMaker {
        /** @throws KernelException when a socket or an algorithm for it is missing */
        State make(SaSpec sa, Wear wear) throws KernelException;
    }

    /** Brings what policies match into the device. */
    @FunctionalInterface
    interface Guide {
        void lead(Tables tables) throws KernelException;
    }

    UserspaceKernel(Units units, StateMaker maker, Guide guide, Events events) {
        this.units = units;
        this.spis = new SpiQueues(units.count());
        this.maker = maker;
        this.guide = guide;
        this.events = events;
        this.tables = new Tables(1, states, policies, units, this::questions);
    }

    Tables tables() {
        return tables;
    }

    Retirement retirement() {
        return retirement;
    }

    /** The SPI says which queue takes its packets; they take turns. */
    @Override
    public synchronized EspSpi allocateSpi(IpAddress source, IpAddress destination, ReqId reqId) {
        SaId id;
        do {
            int spi = spis.spiFor(turn, LOWEST_SPI | random.nextInt());
            id = new SaId(destination, new EspSpi(spi));
        } while (isTaken(id.spi()));
        turn = (turn + 1) % units.count();
        states.put(id, new Reservation(id, source, reqId));
        publish();
        return id.spi();
    }

    private boolean isTaken(EspSpi spi) {
        return states.values().stream()
                .anyMatch(state ->
                        state.direction() == Direction.IN && state.id().spi().equals(spi));
    }

    /** An inbound state goes in also where its reservation is gone. */
    @Override
    public synchronized void install(SaSpec sa) throws KernelException {
        State present = states.get(sa.id());
        if (present != null && !(present instanceof Reservation && sa.direction() == Direction.IN)) {
            throw new KernelException("NEWSA " + text(sa.id()), Errno.EEXIST.number(), "it is installed already");
        }
        if (sa.mode() != EspMode.TUNNEL) {
            throw noTransport("NEWSA " + text(sa.id()));
        }
        if (sa.cpu().isPresent() && units.queueOf(sa.cpu().get()).isEmpty()) {
            throw new KernelException(
                    "NEWSA " + text(sa.id()),
                    Errno.ERANGE.number(),
                    "for " + sa.cpu().get() + "; there are queues for " + units.inOrder() + " only");
        }
        State made = maker.make(sa, this);
        // Behind those that are there already, a reservation of its own among them.
        states.remove(sa.id());
        states.put(sa.id(), made);
        if (sa.direction() == Direction.OUT) {
            forgetQuestion(made);
        }
        publish();
    }

    /** What was asked about an SA like {@code outbound} may be asked anew. */
    private void forgetQuestion(State outbound) {
        Questions asked = questions(outbound.reqId());
        outbound.unit()
                .ifPresentOrElse(unit -> asked.answered(units.queueOf(unit).orElseThrow()), asked::answered);
    }

    /** The state itself goes by another name where the destination is another: no twin is left. */
    @Override
    public synchronized SaId move(SaId id, OuterHeader header) throws KernelException {
        State state = states.get(id);
        if (state == null || state instanceof Reservation) {
            throw new KernelException("moving " + text(id), Errno.ESRCH.number(), "there is no such SA");
        }
        SaId name = new SaId(header.destination(), id.spi());
        if (states.getOrDefault(name, state) != state) {
            throw new KernelException("moving " + text(id), Errno.EEXIST.number(), text(name) + " is there already");
        }
        if (state instanceof InboundState inbound) {
            inbound.along(header);
        } else if (state instanceof OutboundState outbound) {
            outbound.along(header);
        }
        if (!name.equals(id)) {
            states.remove(id);
            states.put(name, state);
        }
        publish();
        return name;
    }

    @Override
    public synchronized void remove(SaId id) {
        State removed = states.remove(id);
        if (removed != null) {
            if (removed instanceof OutboundState) {
                // A worker may have asked after the answer, while it still looked at older tables.
                forgetQuestion(removed);
            }
            publish();
            retirement.add(removed, tables.version);
        }
    }

    @Override
    public synchronized void setPolicy(PolicySpec policy) throws KernelException {
        if (policy.action() == PolicySpec.Action.TRANSPORT) {
            throw noTransport("UPDPOLICY " + policy.id().direction());
        }
        if (policy.equals(policies.put(policy.id(), policy))) {
            return;
        }
        publish();
        if (policy.id().direction() == Direction.OUT) {
            guide.lead(tables);
        }
    }

    private static KernelException noTransport(String operation) {
        return new KernelException(
                operation,
                Errno.EOPNOTSUPP.number(),
                "ESP in user space has no transport mode; write mode = \"tunnel\"");
    }

    @Override
    public synchronized void removePolicy(PolicyId id) throws KernelException {
        PolicySpec removed = policies.remove(id);
        if (removed == null) {
            return;
        }
        Tables next = compile(tables.version + 1);
        if (id.direction() == Direction.OUT) {
            try {
                guide.lead(next);
            } catch (KernelException e) {
                policies.put(id, removed);
                throw e;
            }
        }
        tables = next;
    }

    @Override
    public Optional<SaUsage> usage(SaId id) {
        return Optional.ofNullable(tables.states.get(id)).flatMap(State::usage);
    }

    @Override
    public List<InstalledSa> installedSas() {
        return tables.states.values().stream().map(State::installed).toList();
    }

    @Override
    public List<PolicySpec> installedPolicies() {
        return List.copyOf(tables.policies.values());
    }

    /** At a soft limit others are used where there are any; at a hard one it is taken out. */
    @Override
    public synchronized void reached(State state, boolean hard) {
        if (states.get(state.id()) != state) {
            return;
        }
        if (hard) {
            remove(state.id());
        } else if (state instanceof OutboundState outbound) {
            outbound.wear();
            publish();
        }
        events.tell(new KernelEvent.Expire(state.id(), state.reqId(), hard));
    }

    /** An authentic packet of {@code state} came from elsewhere: a NAT gave the peer another address or port. */
    void cameFrom(InboundState state, Endpoint elsewhere) {
        Endpoint known = state.peer();
        if (!known.equals(elsewhere) && state.isToBeTold()) {
            events.tell(new KernelEvent.Mapping(state.id(), state.reqId(), known, elsewhere));
        }
    }

    /** Lets packets be as long as {@code paths} take them, and routes follow from that and from this machine's addresses. */
    synchronized void fit(Paths paths) throws KernelException {
        for (State state : states.values()) {
            if (state instanceof OutboundState outbound) {
                outbound.pathMtu(paths.mtu(outbound.source(), outbound.peer().address()));
            }
        }
        guide.lead(tables);
    }

    /** No worker runs any more: erases all keys. */
    synchronized void close() {
        retirement.closeAll(states.values());
        states.clear();
        publish();
    }

    private void publish() {
        tables = compile(tables.version + 1);
    }

    private Tables compile(long version) {
        return new Tables(version, states, policies, units, this::questions);
    }

    private Questions questions(ReqId reqId) {
        return questions.computeIfAbsent(reqId, unasked -> new Questions(units.count()));
    }

    private static String text(SaId id) {
        return id.spi() + " to " + id.destination();
    }
}
