package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.Path;
import org.ikev2d.core.sa.Workbench;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;

/** Takes each input to whom it concerns, and says when to call again. */
public final class IkeEngine implements Engine {
    /** A stop does not wait longer for peers' answers. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(4);

    private static final int MAJOR_VERSION = 2;

    private final Workbench bench;
    private final SaTable table;
    private final Doorman doorman;
    private final Strangers strangers;
    private final PolicyHolders holders = new PolicyHolders();
    private final Map<String, Tunnel> tunnels = new LinkedHashMap<>();
    private final Inventory inventory;

    private Optional<MonoTime> stopAt = Optional.empty();
    private boolean stopped;

    public IkeEngine(EnginePolicy policy, Cpus cpus, Kernel kernel, Algorithms algorithms, Entropy entropy) {
        bench = new Workbench(policy, cpus, kernel, algorithms, entropy);
        table = new SaTable(bench);
        doorman = new Doorman(bench, table);
        strangers = new Strangers(bench, table);
        for (TunnelPolicy tunnel : policy.tunnels()) {
            tunnels.put(tunnel.name(), new Tunnel(bench, tunnel, table, holders));
        }
        inventory = new Inventory(bench, tunnels.values(), holders);
    }

    @Override
    public Step handle(MonoTime now, Input input) {
        if (stopped) {
            return new Step(List.of(), Optional.empty());
        }
        bench.begin(now);
        take(input);
        onTime();
        sweep();
        finishStop();
        return new Step(bench.drain(), stopped ? Optional.empty() : due());
    }

    private void take(Input input) {
        if (input instanceof Input.Datagram datagram) {
            datagram(datagram);
        } else if (input instanceof Input.FromKernel told) {
            kernel(told.event());
        } else if (input instanceof Input.Start) {
            start();
        } else if (input instanceof Input.CpusChanged changed) {
            bench.cpusChanged(changed.cpus());
            tunnels.values().forEach(Tunnel::cpusChanged);
        } else if (input instanceof Input.Up up) {
            withTunnel(up.ticket(), up.tunnel(), tunnel -> tunnel.up(up.ticket()));
        } else if (input instanceof Input.Down down) {
            withTunnel(down.ticket(), down.tunnel(), tunnel -> tunnel.down(down.ticket()));
        } else if (input instanceof Input.Rekey rekey) {
            withTunnel(rekey.ticket(), rekey.tunnel(), tunnel -> rekeyChildren(rekey, tunnel));
        } else if (input instanceof Input.RekeyIke rekey) {
            withTunnel(rekey.ticket(), rekey.tunnel(), tunnel -> rekeyIke(rekey, tunnel));
        } else if (input instanceof Input.Judged judged) {
            table.byLocalSpi(judged.ticket().sa()).ifPresent(sa -> sa.judged(judged));
        } else if (input instanceof Input.Reconfigure fresh) {
            reconfigure(fresh);
        } else if (input instanceof Input.Stop stop) {
            stop(stop.keep());
        }
    }

    private void withTunnel(long ticket, String name, Consumer<Tunnel> action) {
        Tunnel tunnel = tunnels.get(name);
        if (tunnel == null || tunnel.isLeaving()) {
            bench.emit(new Output.Reply(
                    ticket, false, "there is no tunnel " + name + "; there are " + String.join(", ", configured())));
        } else {
            action.accept(tunnel);
        }
    }

    private List<String> configured() {
        return bench.policy().tunnels().stream().map(TunnelPolicy::name).toList();
    }

    private void reconfigure(Input.Reconfigure wish) {
        if (stopAt.isPresent()) {
            bench.emit(new Output.Reply(wish.ticket(), false, "the daemon is about to stop"));
            return;
        }
        Reconfiguration change = Reconfiguration.between(bench.policy(), wish.policy());
        bench.reconfigure(wish.policy());
        Map<String, Tunnel> before = new LinkedHashMap<>(tunnels);
        List<TunnelPolicy> wanted = wish.policy().tunnels();
        // What is to be protected from now on is, before anything is let go.
        wanted.forEach(policy -> Optional.ofNullable(before.get(policy.name()))
                .ifPresent(tunnel -> tunnel.dataPath().announce(policy)));
        tunnels.clear();
        for (TunnelPolicy policy : wanted) {
            Tunnel known = before.remove(policy.name());
            if (known == null) {
                tunnels.put(policy.name(), new Tunnel(bench, policy, table, holders));
                tunnels.get(policy.name()).start();
            } else {
                tunnels.put(policy.name(), known);
                known.reconfigure(policy);
            }
        }
        tunnels.putAll(before);
        before.values().forEach(Tunnel::leave);
        table.all().forEach(IkeSa::rulesChanged);
        change.tell(bench);
        bench.emit(new Output.Reply(wish.ticket(), true, change.describe()));
    }

    private void rekeyChildren(Input.Rekey wish, Tunnel tunnel) {
        int asked = tunnel.rekey();
        String text = asked == 0 ? " has no Child SA to rekey" : ": " + asked + " Child SAs are being rekeyed";
        bench.emit(new Output.Reply(wish.ticket(), asked != 0, "tunnel " + wish.tunnel() + text));
    }

    private void rekeyIke(Input.RekeyIke wish, Tunnel tunnel) {
        boolean begun = tunnel.rekeyIke();
        String text = begun ? ": its IKE SA is being rekeyed" : " has no IKE SA to rekey";
        bench.emit(new Output.Reply(wish.ticket(), begun, "tunnel " + wish.tunnel() + text));
    }

    private void start() {
        inventory.first();
        tunnels.values().forEach(Tunnel::start);
    }

    // Datagrams.

    private void datagram(Input.Datagram datagram) {
        IkeHeader header;
        try {
            header = MessageCodec.decodeHeader(datagram.octets());
        } catch (DecodeException e) {
            discard(datagram, "malformed", e.getMessage());
            return;
        }
        if (header.majorVersion() != MAJOR_VERSION) {
            otherVersion(datagram, header);
            return;
        }
        boolean first = isFirst(header);
        try {
            OuterMessage message = MessageCodec.decode(datagram.octets());
            if (first) {
                first(datagram, message);
            } else {
                later(datagram, message);
            }
        } catch (DecodeException e) {
            discard(datagram, "malformed", e.getMessage());
            if (first && !candidates(datagram).isEmpty()) {
                strangers.answer(datagram, header, Refusal.complaint(e));
            }
        }
    }

    private static boolean isFirst(IkeHeader header) {
        return header.exchangeType() == ExchangeType.IKE_SA_INIT.code() && !header.response();
    }

    /** RFC 7296 §2.5: a higher major version is told which one we have. */
    private void otherVersion(Input.Datagram datagram, IkeHeader header) {
        discard(datagram, "version", "major version " + header.majorVersion() + ", expected " + MAJOR_VERSION);
        if (header.majorVersion() > MAJOR_VERSION
                && !header.response()
                && !candidates(datagram).isEmpty()) {
            strangers.answer(datagram, header, Payload.Notify.of(NotifyType.INVALID_MAJOR_VERSION));
        }
    }

    private void first(Input.Datagram datagram, OuterMessage message) {
        IkeHeader header = message.header();
        if (!header.fromInitiator()
                || !header.responderSpi().isNone()
                || header.messageId() != 0
                || message.sealed().isPresent()) {
            discard(datagram, "malformed", "an IKE_SA_INIT request that cannot be a first one");
            return;
        }
        Optional<IkeSa> known =
                table.byOrigin(header.initiatorSpi(), datagram.remote().address());
        if (known.isPresent()) {
            known.get().receive(datagram, message);
        } else if (stopAt.isEmpty()) {
            doorman.first(datagram, message, candidates(datagram));
        }
    }

    private List<Tunnel> candidates(Input.Datagram datagram) {
        return tunnels.values().stream()
                .filter(tunnel -> tunnel.admits(
                        datagram.local().address(), datagram.remote().address()))
                .toList();
    }

    private void later(Input.Datagram datagram, OuterMessage message) {
        IkeHeader header = message.header();
        IkeSpi ours = header.fromInitiator() ? header.responderSpi() : header.initiatorSpi();
        IkeSpi theirs = header.fromInitiator() ? header.initiatorSpi() : header.responderSpi();
        Optional<IkeSa> sa = table.byLocalSpi(ours)
                .filter(one -> (one.role() == Role.RESPONDER) == header.fromInitiator())
                .filter(one -> one.remoteSpi().isNone() || one.remoteSpi().equals(theirs));
        if (sa.isPresent()) {
            strangers.unprotected(sa.get(), message);
            sa.get().receive(datagram, message);
            return;
        }
        List<Bytes> known = table.lastAnswer(ours, datagram.octets());
        if (!known.isEmpty()) {
            known.forEach(octets -> bench.emit(Path.backOf(datagram).send(octets)));
        } else {
            discard(datagram, "unknown-spi", "no IKE SA " + ours + " with peer SPI " + theirs);
            if (!candidates(datagram).isEmpty()) {
                strangers.unknownSpi(datagram, message);
            }
        }
    }

    private void discard(Input.Datagram datagram, String code, String text) {
        bench.tell(Event.Level.DEBUG, "", code, datagram.remote() + ": " + text);
    }

    // The kernel's events.

    private void kernel(KernelEvent event) {
        if (event instanceof KernelEvent.Acquire acquire) {
            tunnels.values().stream()
                    .filter(tunnel -> tunnel.policy().reqId().equals(acquire.reqId()))
                    .forEach(tunnel -> tunnel.acquire(acquire));
        } else if (event instanceof KernelEvent.Expire expire) {
            tunnels.values().forEach(tunnel -> {
                if (expire.hard()) {
                    tunnel.statesGone(expire.id()::equals);
                } else {
                    tunnel.stateWorn(expire.id());
                }
            });
        } else if (event instanceof KernelEvent.Mapping mapping) {
            table.all().stream()
                    .filter(sa -> sa.isEstablished() && sa.children().knows(mapping.id()))
                    .forEach(sa -> sa.whereabouts().mapped(mapping));
        } else if (event instanceof KernelEvent.Overrun) {
            resync();
        }
    }

    /** Events were lost, or somebody else emptied the kernel: what is there is made what should be there. */
    private void resync() {
        bench.tell(
                Event.Level.WARN,
                "",
                "kernel-overrun",
                "events of the kernel were lost, or others changed what is ours: policies and SAs are looked at again");
        inventory.again();
        tunnels.values().forEach(Tunnel::acquiresLost);
    }

    // Time, and the end.

    private void onTime() {
        table.all().stream()
                .filter(sa -> Deadlines.isDue(sa.due(), bench.now()))
                .forEach(IkeSa::onTime);
        // Before the tunnels, which tell what has gone.
        bench.removals().onTime();
        tunnels.values().forEach(Tunnel::onTime);
        inventory.onTime();
        table.onTime();
    }

    private void sweep() {
        bench.drainEnded().forEach(table::ended);
        tunnels.values().removeIf(Tunnel::isGone);
    }

    private Optional<MonoTime> due() {
        List<Optional<MonoTime>> slots = new ArrayList<>();
        table.all().forEach(sa -> slots.add(sa.due()));
        tunnels.values().forEach(tunnel -> slots.add(tunnel.due()));
        slots.add(inventory.due());
        slots.add(bench.removals().due());
        slots.add(table.due());
        slots.add(stopAt);
        return Deadlines.earliest(slots);
    }

    private void stop(boolean keep) {
        if (keep) {
            table.all().forEach(IkeSa::abandon);
            tunnels.values().forEach(Tunnel::bequeath);
            stopped();
        } else if (stopAt.isEmpty()) {
            stopAt = Optional.of(bench.now().plus(LONGEST_STOP));
            tunnels.values().forEach(Tunnel::close);
        }
    }

    private void finishStop() {
        if (stopped || stopAt.isEmpty()) {
            return;
        }
        boolean late = Deadlines.isDue(stopAt, bench.now());
        if (late || tunnels.values().stream().allMatch(Tunnel::isQuiet)) {
            tunnels.values().forEach(Tunnel::vacate);
            table.all().forEach(IkeSa::abandon);
            if (late || (bench.removals().isDone() && tunnels.values().stream().allMatch(Tunnel::isVacant))) {
                stopped();
            }
        }
    }

    private void stopped() {
        stopped = true;
        doorman.close();
        bench.emit(new Output.Stopped());
    }
}
