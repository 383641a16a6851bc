package org.ikev2d.core.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;

/**
 * Packets from every CPU of one gateway through the tunnel to the other, again and again: one that looks its way up anew,
 * as a ping does, and one of a connected flow. Says which were lost, and why.
 */
public final class Traffic {
    private static final int PING_PORT = 10_000;
    private static final int FLOW_PORT = 20_000;
    private static final Duration STEP = Duration.ofMillis(1);

    private final World world;
    private final Gateway from;
    private final IpAddress source;
    private final IpAddress destination;
    private final Duration pause;
    private final List<String> losses = new ArrayList<>();
    private final Map<CpuId, Optional<CpuId>> pingState = new HashMap<>();
    private final Map<CpuId, Optional<CpuId>> flowState = new HashMap<>();
    private int sent;
    private int arrived;
    private boolean flowing;

    /**
     * @param source within the local selectors of {@code from}
     * @param destination within its remote ones
     * @param pause between a CPU's packets
     */
    public Traffic(World world, Gateway from, IpAddress source, IpAddress destination, Duration pause) {
        this.world = world;
        this.from = from;
        this.source = source;
        this.destination = destination;
        this.pause = pause;
    }

    public Traffic start() {
        flowing = true;
        round();
        return this;
    }

    /** What is on its way still arrives. */
    public Traffic stop() {
        flowing = false;
        return this;
    }

    /** No two packets at one moment: between an ACQUIRE and the next packet the engine has its turn. */
    private void round() {
        if (flowing) {
            Duration wait = Duration.ZERO;
            for (CpuId cpu : from.cpus().online()) {
                world.after(wait, () -> ping(cpu));
                world.after(wait.plus(pause.dividedBy(2)), () -> flow(cpu));
                wait = wait.plus(STEP);
            }
            world.after(pause, this::round);
        }
    }

    /** Both packets of every CPU, now. */
    public Traffic sendOnce() {
        from.cpus().online().forEach(cpu -> {
            ping(cpu);
            flow(cpu);
        });
        return this;
    }

    private void ping(CpuId cpu) {
        Packet packet = Packet.udp(source, PING_PORT + cpu.number(), destination, 7);
        depart(cpu, from.kernel().send(cpu, packet), pingState);
    }

    private void flow(CpuId cpu) {
        Packet packet = Packet.udp(source, FLOW_PORT + cpu.number(), destination, 7);
        depart(cpu, from.kernel().send(cpu, new Flow(cpu.number(), packet)), flowState);
    }

    private void depart(CpuId cpu, Departure departure, Map<CpuId, Optional<CpuId>> states) {
        sent++;
        Duration when = world.clock().age();
        if (departure instanceof Departure.Encrypted encrypted) {
            EspPacket packet = encrypted.packet();
            states.put(cpu, packet.stateCpu());
            int sourcePort =
                    packet.encapsulation().map(ports -> ports.sourcePort()).orElse(0);
            int destinationPort =
                    packet.encapsulation().map(ports -> ports.destinationPort()).orElse(0);
            Parcel parcel = new Parcel(
                    new Endpoint(packet.source(), sourcePort),
                    new Endpoint(packet.destination(), destinationPort),
                    new Parcel.Cargo.Esp(packet, outcome -> arrive(cpu, when, outcome)));
            world.network().send(from, parcel);
        } else if (departure instanceof Departure.Dropped dropped) {
            lose(cpu, when, dropped.why());
        } else {
            lose(cpu, when, "left in clear");
        }
    }

    private void arrive(CpuId cpu, Duration when, Arrival outcome) {
        if (outcome instanceof Arrival.Dropped dropped) {
            lose(cpu, when, dropped.why());
        } else {
            arrived++;
        }
    }

    private void lose(CpuId cpu, Duration when, String why) {
        String loss = when.toMillis() + " ms from CPU " + cpu + " of " + from + ": " + why;
        losses.add(loss);
        world.tell("lost " + loss);
    }

    /** Forgets what was counted. */
    public Traffic countAnew() {
        losses.clear();
        sent = 0;
        arrived = 0;
        return this;
    }

    public List<String> losses() {
        return List.copyOf(losses);
    }

    public int sent() {
        return sent;
    }

    /** Copies that the network made are counted too. */
    public int arrived() {
        return arrived;
    }

    /** Whether the last packets of every CPU, looked up and flowing, went over a state of that CPU. */
    public boolean everyCpuUsesItsOwn() {
        return from.cpus().online().stream()
                .allMatch(cpu -> Optional.of(cpu).equals(pingState.getOrDefault(cpu, Optional.empty()))
                        && Optional.of(cpu).equals(flowState.getOrDefault(cpu, Optional.empty())));
    }

    @Override
    public String toString() {
        return "traffic of " + from + ": " + sent + " sent, " + arrived + " arrived, lost " + losses + ", pings over "
                + pingState + ", flows over " + flowState;
    }
}
