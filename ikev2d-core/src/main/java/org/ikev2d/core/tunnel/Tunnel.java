package org.ikev2d.core.tunnel;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.IkeState;
import org.ikev2d.core.sa.Initiation;
import org.ikev2d.core.sa.KernelTrigger;
import org.ikev2d.core.sa.SaChildren;
import org.ikev2d.core.sa.SaOwner;
import org.ikev2d.core.sa.Workbench;

/** One configured tunnel: its IKE SAs (one, for a short time two), and who tries when. */
final class Tunnel implements SaOwner {
    private static final Failure OPERATOR = new Failure(Failure.Code.REQUESTED, "the tunnel was taken down");
    private static final Failure RECONFIGURED =
            new Failure(Failure.Code.REQUESTED, "the configuration was read anew, and another takes its place");

    private final Workbench bench;
    private final SaTable table;
    private final DataPath dataPath;
    private final IkeSas sas = new IkeSas();
    private final Tickets tickets;
    private final Attempts attempts;
    private final TunnelView view;
    private final SetStart setStart;
    private final Renewal renewal;

    private TunnelPolicy policy;
    private boolean started;
    private boolean leaving;

    Tunnel(Workbench bench, TunnelPolicy policy, SaTable table, PolicyHolders holders) {
        this.bench = bench;
        this.policy = policy;
        this.table = table;
        this.dataPath = new DataPath(bench, policy, holders);
        this.tickets = new Tickets(bench);
        this.attempts = new Attempts(bench, policy.start());
        this.view = new TunnelView(bench, policy);
        this.setStart = new SetStart(bench, table);
        this.renewal = new Renewal(bench);
    }

    @Override
    public TunnelPolicy policy() {
        return policy;
    }

    // What the engine asks of it.

    /** What it has in the kernel. */
    DataPath dataPath() {
        return dataPath;
    }

    /** Whether this tunnel answers for the state {@code id}. */
    boolean knows(SaId id) {
        return dataPath.knows(id) || sas.know(id);
    }

    void start() {
        started = true;
        begin(beginsItself());
    }

    private void begin(boolean unasked) {
        if (unasked && attempts.want()) {
            connect();
        }
        settle(false);
    }

    /** Whether the peer at {@code remote} may begin at our address {@code local}: not after an operator's "down". */
    boolean admits(IpAddress local, IpAddress remote) {
        return attempts.isOpen()
                && policy.local().equals(local)
                && policy.remote().equals(remote);
    }

    @Override
    public boolean admits(IkeSa sa) {
        return admits(sa.path().local().address(), sa.origin());
    }

    void up(long ticket) {
        attempts.want();
        if (sas.isUp()) {
            bench.emit(new Output.Reply(ticket, true, "tunnel " + policy.name() + " is up already"));
            return;
        }
        tickets.wantUp(ticket);
        connect();
        settle(false);
    }

    void down(long ticket) {
        tickets.wantDown(ticket);
        close();
        settle(false);
    }

    /** Puts other Child SAs in the place of all, without a gap. Returns of how many. */
    int rekey() {
        return sas.children().map(SaChildren::rekey).orElse(0);
    }

    /** Puts another IKE SA in the place of the one there is, its Child SAs staying as they are. Returns whether there is one. */
    boolean rekeyIke() {
        sas.current().ifPresent(IkeSa::rekey);
        return sas.current().isPresent();
    }

    /**
     * It is as {@code next} says from now on. What is up goes on by its own terms until another is up in its place; where the
     * traffic goes another way, it ends at once. What is under way begins anew, with what is lent to it now.
     */
    void reconfigure(TunnelPolicy next) {
        boolean leadsElsewhere = leaving || !next.leadsAs(policy);
        policy = next;
        view.reconfigure(next);
        dataPath.reconfigure(next);
        attempts.reconfigure(next.start());
        if (leaving) {
            leaving = false;
            attempts.open();
        }
        List<IkeSa> others = sas.where(sa -> leadsElsewhere || sa.isComingUp());
        if (leadsElsewhere) {
            sas.forsake();
        }
        if (attempts.isWanted() && sas.current().isEmpty()) {
            // Before the others end, so that whoever waits for the tunnel goes on waiting.
            begin();
        }
        others.forEach(sa -> retire(sa, RECONFIGURED));
        if (leadsElsewhere) {
            dataPath.giveUp();
        }
        renewLater();
        begin(attempts.isOpen() && beginsItself());
    }

    /** Ends all, and stays so. */
    void close() {
        attempts.close();
        renewal.cancel();
        sas.all().forEach(sa -> retire(sa, OPERATOR));
        sas.forsake();
        dataPath.giveUp();
        if (sas.isEmpty()) {
            tickets.down(OPERATOR);
        }
    }

    /** It is configured no more: its policies go at once, its IKE SAs when the peer knows. */
    void leave() {
        leaving = true;
        close();
        dataPath.dissolve();
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Whether nothing is left of it. */
    boolean isGone() {
        return leaving && isQuiet() && isVacant();
    }

    /** Whether nothing is left that the peer has to be told of. */
    boolean isQuiet() {
        return sas.isEmpty();
    }

    /** Takes all out of the kernel. */
    void vacate() {
        sas.all().forEach(sa -> sa.end(OPERATOR));
        dataPath.vacate();
    }

    boolean isVacant() {
        return dataPath.isVacant();
    }

    /** Leaves all in the kernel to a successor; nothing asks per CPU while nobody answers. */
    void bequeath() {
        dataPath.leave();
    }

    void acquire(KernelEvent.Acquire acquire) {
        KernelTrigger trigger = new KernelTrigger(acquire.sequence(), acquire.trigger());
        if (acquire.cpu().isPresent()) {
            sas.children().ifPresent(children -> children.acquire(acquire.cpu().get(), trigger));
            // Until the flag is off, the kernel drops what the CPU sends: the request, which takes longer, comes after.
            settle(false);
            sas.children().ifPresent(SaChildren::ask);
            settle(false);
        } else if (!sas.isUp() && attempts.trigger(trigger)) {
            connect();
            settle(false);
        }
    }

    @Override
    public Optional<KernelTrigger> trigger() {
        return attempts.trigger();
    }

    /** Somebody looked at the kernel: {@code found} is there, and what was adopted. */
    void policiesAre(List<PolicySpec> found) {
        dataPath.found(found);
        if (started) {
            begin(beginsItself() && attempts.isOpen());
        }
    }

    /** Somebody else took states out of the kernel, or it did itself. */
    void statesGone(Predicate<SaId> gone) {
        sas.children().ifPresent(children -> children.lost(gone));
    }

    /** A state has carried nearly all that it may. */
    void stateWorn(SaId id) {
        sas.where(IkeSa::isEstablished).forEach(sa -> sa.children().worn(id));
    }

    void acquiresLost() {
        sas.children().ifPresent(SaChildren::acquiresLost);
        settle(false);
    }

    void cpusChanged() {
        sas.children().ifPresent(SaChildren::cpusChanged);
        settle(false);
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(attempts.due(), setStart.due(), renewal.due(), dataPath.due()));
    }

    void onTime() {
        dataPath.onTime();
        if (attempts.onTime()) {
            connect();
            settle(false);
        }
        if (renewal.onTime()) {
            if (sas.areAll(IkeSa::isEstablished)) {
                begin();
            }
            settle(false);
        }
        if (setStart.onTime(sas.current()) || bench.carried().takeChanged(policy.reqId())) {
            settle(false);
        }
    }

    // What its IKE SAs tell it.

    @Override
    public boolean isInitialContact() {
        return table.all().stream().noneMatch(sa -> sa.isEstablished() && sa.isBetween(policy.credentials()));
    }

    @Override
    public boolean hasOtherOutbound(IkeSa sa) {
        return dataPath.carriesOutbound() || sas.carryBeside(sa);
    }

    @Override
    public Set<CpuId> formerCpus() {
        return dataPath.outboundCpus();
    }

    @Override
    public void established(IkeSa sa, boolean initialContact) {
        sas.add(sa);
        if (!attempts.isOpen()) {
            sa.delete(OPERATOR);
            return;
        }
        attempts.succeeded();
        sas.established(sa, initialContact, this::retire);
        renewLater();
        view.up(sa);
        setStart.begin(sas.current(), policy, sas.all());
        settle(true);
    }

    @Override
    public void expects(IkeSa heir) {
        sas.add(heir);
        table.add(heir);
    }

    @Override
    public void succeeded(IkeSa sa, IkeSa heir) {
        sas.elect();
        renewLater();
        view.rekeyed(sa, heir);
        settle(false);
    }

    private void renewLater() {
        renewal.of(sas.current().filter(kept -> attempts.isWanted()), policy);
    }

    /** Tells the peer that {@code sa} ends; nothing is sent on its Child SAs any more, but what comes is still taken. */
    private void retire(IkeSa sa, Failure why) {
        dataPath.keep(sa);
        sa.delete(why);
    }

    @Override
    public void childrenChanged(IkeSa sa) {
        if (!sas.isCurrent(sa)) {
            return;
        }
        if (sa.isEstablished() && sa.children().lacksFirst()) {
            sa.delete(new Failure(Failure.Code.PEER_DELETED, "the Child SA that serves every CPU is gone"));
        }
        setStart.firstCame(sa);
        settle(true);
    }

    @Override
    public void wornOut(IkeSa sa) {
        if (attempts.isWanted() && sas.isCurrent(sa)) {
            renewal.atOnce();
        }
    }

    @Override
    public void refused(Failure why) {
        // Anybody can send what is refused: it says nothing about a tunnel that is up.
        if (!sas.isUp()) {
            view.failed(why);
            settle(false);
        }
    }

    @Override
    public void ended(IkeSa sa, Failure why) {
        boolean wasCurrent = sas.ended(sa, why);
        dataPath.ended(sa, why, sas.current().isPresent());
        view.ended(sa, why, wasCurrent);
        if (sas.current().isEmpty()) {
            renewal.cancel();
        }
        if (sas.isEmpty()) {
            tickets.down(why);
            attempts.again(wasCurrent && why.code() == Failure.Code.PEER_SILENT, dataPath.wantsSuccessor());
        }
        if (wasCurrent) {
            setStart.begin(sas.current(), policy, sas.all());
        }
        settle(wasCurrent);
    }

    private void connect() {
        if (sas.areAll(sa -> sa.state() == IkeState.DELETING)) {
            begin();
        }
    }

    private void begin() {
        IkeSa sa = Initiation.begin(bench, this);
        sas.add(sa);
        table.add(sa);
    }

    private boolean beginsItself() {
        return attempts.beginsItself(dataPath.carriesOutbound());
    }

    /** Makes the kernel's policies and what is told of the tunnel follow from its state. */
    private void settle(boolean setChanged) {
        if (sas.isUp()) {
            tickets.up("tunnel " + policy.name() + " is up");
        }
        dataPath.follow(sas.current(), setChanged);
        boolean connecting = attempts.isOpen() && (!sas.isEmpty() || attempts.isWaiting());
        view.tell(sas.current(), connecting);
    }
}
