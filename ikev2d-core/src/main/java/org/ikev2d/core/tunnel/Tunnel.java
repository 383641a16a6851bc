package org.ikev2d.core.tunnel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
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

    private final Workbench bench;
    private final SaTable table;
    private final DataPath dataPath;
    private final List<IkeSa> sas = new ArrayList<>();
    private final Tickets tickets;
    private final Attempts attempts;
    private final TunnelView view;
    private final SetStart setStart;

    private TunnelPolicy policy;
    private Optional<IkeSa> current = Optional.empty();
    private boolean started;
    private Optional<MonoTime> renewAt = Optional.empty();

    Tunnel(Workbench bench, TunnelPolicy policy, SaTable table) {
        this.bench = bench;
        this.policy = policy;
        this.table = table;
        this.dataPath = new DataPath(bench, policy);
        this.tickets = new Tickets(bench);
        this.attempts = new Attempts(bench, policy.start());
        this.view = new TunnelView(bench, policy);
        this.setStart = new SetStart(bench, table);
    }

    @Override
    public TunnelPolicy policy() {
        return policy;
    }

    // What the engine asks of it.

    /** Whether what bears {@code reqId} in the kernel is this tunnel's. */
    boolean owns(ReqId reqId) {
        return dataPath.owns(reqId);
    }

    /** Whether this tunnel answers for the state {@code id}. */
    boolean knows(SaId id) {
        return dataPath.knows(id) || sas.stream().anyMatch(sa -> sa.children().knows(id));
    }

    void adopt(InstalledSa left) {
        dataPath.adopt(left);
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

    /** Whether the peer may begin: not after an operator's "down". */
    boolean isOpen() {
        return attempts.isOpen();
    }

    void up(long ticket) {
        attempts.want();
        if (isUp()) {
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
        if (sas.isEmpty()) {
            tickets.down(OPERATOR);
        }
        settle(false);
    }

    /** Puts other Child SAs in the place of all, without a gap. */
    void rekey(long ticket) {
        int asked = current.map(sa -> sa.children().rekey()).orElse(0);
        String text = asked == 0 ? " has no Child SA to rekey" : ": " + asked + " Child SAs are being rekeyed";
        bench.emit(new Output.Reply(ticket, asked != 0, "tunnel " + policy.name() + text));
    }

    /** From now on each end proves itself so; what is up stays. */
    void replace(Credentials credentials) {
        policy = policy.withCredentials(credentials);
    }

    /** Ends all, and stays so. */
    void close() {
        attempts.close();
        renewAt = Optional.empty();
        List.copyOf(sas).forEach(sa -> retire(sa, OPERATOR));
        current = Optional.empty();
        dataPath.giveUp();
    }

    /** Whether nothing is left that the peer has to be told of. */
    boolean isQuiet() {
        return sas.isEmpty();
    }

    /** Takes all out of the kernel. */
    void vacate() {
        List.copyOf(sas).forEach(sa -> sa.end(OPERATOR));
        dataPath.vacate();
    }

    boolean isVacant() {
        return dataPath.isVacant();
    }

    /** Leaves all in the kernel to a successor; nothing asks per CPU while nobody answers. */
    void leave() {
        dataPath.leave();
    }

    void acquire(KernelEvent.Acquire acquire) {
        KernelTrigger trigger = new KernelTrigger(acquire.sequence(), acquire.trigger());
        if (acquire.cpu().isPresent()) {
            current.ifPresent(sa -> sa.children().acquire(acquire.cpu().get(), trigger));
            settle(false);
        } else if (!isUp() && attempts.trigger(trigger)) {
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
        current.map(IkeSa::children).ifPresent(children -> children.lost(gone));
    }

    /** A state has carried nearly all that it may. */
    void stateWorn(SaId id) {
        sas.stream().filter(IkeSa::isEstablished).forEach(sa -> sa.children().worn(id));
    }

    void acquiresLost() {
        current.map(IkeSa::children).ifPresent(SaChildren::acquiresLost);
        settle(false);
    }

    void cpusChanged() {
        current.map(IkeSa::children).ifPresent(SaChildren::cpusChanged);
        settle(false);
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(attempts.due(), setStart.due(), renewAt, dataPath.due()));
    }

    void onTime() {
        dataPath.onTime();
        if (attempts.onTime()) {
            connect();
            settle(false);
        }
        if (Deadlines.isDue(renewAt, bench.now())) {
            // Should it come to nothing, the old one serves on until the next time.
            renewAt = Optional.of(bench.now().plus(bench.policy().retryLimit()));
            if (sas.stream().allMatch(IkeSa::isEstablished)) {
                begin();
            }
            settle(false);
        }
        if (setStart.onTime(current)) {
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
        return dataPath.carriesOutbound()
                || sas.stream()
                        .anyMatch(other -> other != sa
                                && other.isEstablished()
                                && !other.childSas().isEmpty());
    }

    @Override
    public void established(IkeSa sa, boolean initialContact) {
        if (!sas.contains(sa)) {
            sas.add(sa);
        }
        if (!attempts.isOpen()) {
            sa.delete(OPERATOR);
            return;
        }
        attempts.succeeded();
        for (IkeSa other : List.copyOf(sas)) {
            if (other != sa) {
                Rivalry.meet(sa, other, initialContact, this::retire);
            }
        }
        current = Rivalry.survivor(sas);
        renewLater();
        view.up(sa);
        answerUp();
        setStart.begin(current, policy, sas);
        settle(true);
    }

    @Override
    public void succeeded(IkeSa sa, IkeSa heir) {
        sas.add(heir);
        table.add(heir);
        current = Rivalry.survivor(sas);
        renewLater();
        view.rekeyed(sa, heir);
        settle(false);
    }

    private void renewLater() {
        renewAt = attempts.isWanted()
                ? current.flatMap(kept -> Rivalry.endOfLife(kept, policy.lifetime()))
                : Optional.empty();
    }

    private void answerUp() {
        if (isUp()) {
            tickets.up("tunnel " + policy.name() + " is up");
        }
    }

    /** Tells the peer that {@code sa} ends; nothing is sent on its Child SAs any more, but what comes is still taken. */
    private void retire(IkeSa sa, Failure why) {
        dataPath.keep(sa);
        sa.delete(why);
    }

    @Override
    public void childrenChanged(IkeSa sa) {
        if (current.filter(sa::equals).isEmpty()) {
            return;
        }
        if (sa.isEstablished() && sa.children().lacksFirst()) {
            sa.delete(new Failure(Failure.Code.PEER_DELETED, "the Child SA that serves every CPU is gone"));
        }
        answerUp();
        setStart.firstCame(sa);
        settle(true);
    }

    @Override
    public void wornOut(IkeSa sa) {
        if (attempts.isWanted() && current.filter(sa::equals).isPresent()) {
            renewAt = Optional.of(bench.now());
        }
    }

    @Override
    public void refused(Failure why) {
        // Anybody can send what is refused: it says nothing about a tunnel that is up.
        if (!isUp()) {
            view.failed(why);
            settle(false);
        }
    }

    @Override
    public void ended(IkeSa sa, Failure why) {
        boolean wasCurrent = current.filter(sa::equals).isPresent();
        if (wasCurrent) {
            // Those whose place it had taken are of no use without it.
            sas.stream().filter(one -> one.state() == IkeState.REKEYED).toList().forEach(one -> one.end(why));
        }
        sas.remove(sa);
        if (wasCurrent) {
            current = Rivalry.survivor(sas);
        }
        dispose(sa, why);
        if (why.isFault() && (wasCurrent || sa.establishedAt().isEmpty())) {
            view.failed(why);
        }
        if (sa.establishedAt().isPresent()) {
            view.down(sa, why);
        }
        if (current.isEmpty()) {
            renewAt = Optional.empty();
        }
        if (sas.isEmpty()) {
            tickets.down(why);
            attempts.again(wasCurrent && why.code() == Failure.Code.PEER_SILENT, dataPath.wantsSuccessor());
        }
        if (wasCurrent) {
            setStart.begin(current, policy, sas);
        }
        settle(wasCurrent);
    }

    /**
     * What {@code sa} had in the kernel stays for its successor, if there is one or will be at once, and where the peer is
     * silent: its kernel may go on where its daemon has died. On demand it goes, so that the next packet is asked for. An
     * attempt that came to nothing had nothing.
     */
    private void dispose(IkeSa sa, Failure why) {
        dataPath.keep(sa);
        if (current.isPresent()
                || why.code() == Failure.Code.PEER_RESTARTED
                || sa.establishedAt().isEmpty()) {
            return;
        }
        if (why.code() == Failure.Code.PEER_SILENT && policy.start() != TunnelPolicy.Start.ON_DEMAND) {
            dataPath.orphaned();
        } else {
            dataPath.giveUp();
        }
    }

    private void connect() {
        if (sas.stream().allMatch(sa -> sa.state() == IkeState.DELETING)) {
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

    private boolean isUp() {
        return current.filter(sa -> !sa.childSas().isEmpty()).isPresent();
    }

    /** Makes the kernel's policies and what is told of the tunnel follow from its state. */
    private void settle(boolean setChanged) {
        dataPath.follow(current, setChanged);
        boolean connecting = attempts.isOpen() && (!sas.isEmpty() || attempts.isWaiting());
        view.tell(current, connecting);
    }
}
