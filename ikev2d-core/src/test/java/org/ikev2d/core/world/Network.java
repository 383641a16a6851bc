package org.ikev2d.core.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.net.Endpoint;

/** Carries parcels between the gateways of a {@link World}: links with weather, and boxes that translate addresses. */
public final class Network {
    private static final int NAT_PORT = 4500;

    /** Where gateways listen; 0 is of what goes without UDP. */
    private static final Set<Integer> PORTS = Set.of(0, 500, NAT_PORT);

    private final World world;
    private final long seed;
    private final Map<String, Link> links = new HashMap<>();
    private final Map<Gateway, Nat> nats = new HashMap<>();
    private final List<Flight> flights = new ArrayList<>();
    private Weather weather = Weather.FAIR;
    private UnaryOperator<List<Parcel>> censor = UnaryOperator.identity();

    /** A copy of a parcel on its way. */
    private record Flight(MonoTime arrival, Parcel parcel) {}

    Network(World world, long seed) {
        this.world = world;
        this.seed = seed;
    }

    /** On every link, from now on. */
    public void weather(Weather next) {
        weather = next;
        links.values().forEach(link -> link.set(next));
    }

    /** Nothing gets from one to the other any more; what is on its way still does. */
    public void cut(Gateway from, Gateway to) {
        world.tell("the way from " + from + " to " + to + " is cut");
        link(from, to).cut(true);
    }

    public void cutBothWays(Gateway one, Gateway other) {
        cut(one, other);
        cut(other, one);
    }

    public void mend(Gateway one, Gateway other) {
        world.tell("the ways between " + one + " and " + other + " are mended");
        link(one, other).cut(false);
        link(other, one).cut(false);
    }

    /** Puts a NAT in front of {@code gateway}: others see it as {@code outside}. */
    public Nat nat(Gateway gateway, Nat box) {
        nats.put(gateway, box);
        return box;
    }

    /**
     * Every message passes {@code next} as it leaves, before the weather: what it makes of a list of one goes on instead.
     * Traffic does not pass it.
     */
    public void censor(UnaryOperator<List<Parcel>> next) {
        censor = next;
    }

    /** Puts a parcel on its way as if {@code from} had sent it, past the censor. */
    public void inject(Gateway from, Parcel parcel) {
        carry(from, parcel);
    }

    void send(Gateway from, Parcel parcel) {
        if (parcel.cargo() instanceof Parcel.Cargo.Ike ike) {
            world.expect(
                    ike.encapsulated() == (parcel.source().port() == NAT_PORT),
                    from + " sends from " + parcel.source() + (ike.encapsulated() ? " with" : " without")
                            + " the non-ESP marker");
            censor.apply(List.of(parcel)).forEach(passed -> carry(from, passed));
        } else {
            carry(from, parcel);
        }
    }

    private void carry(Gateway from, Parcel parcel) {
        Nat own = nats.get(from);
        Optional<Parcel> outside = own == null ? Optional.of(parcel) : own.outwards(parcel);
        if (outside.isEmpty()) {
            lose(from, parcel, "not passed by the NAT");
            return;
        }
        Optional<Gateway> to = world.gateways().stream()
                .filter(gateway -> nats.containsKey(gateway)
                        ? nats.get(gateway).owns(parcel.destination().address())
                        : gateway.address().equals(parcel.destination().address()))
                .findFirst();
        if (to.isEmpty()) {
            lose(from, parcel, "nobody has " + parcel.destination().address());
            return;
        }
        List<Duration> copies = link(from, to.get()).carry();
        if (copies.isEmpty()) {
            lose(from, parcel, "lost on the way");
            return;
        }
        tell(from, parcel, copies.size() == 1 ? "" : " [" + copies.size() + " copies]");
        for (Duration delay : copies) {
            MonoTime arrival = world.clock().now().plus(delay);
            insert(new Flight(arrival, outside.get()));
        }
    }

    /** Flights are in the order of their arrival; a new one mostly comes last. */
    private void insert(Flight flight) {
        int at = flights.size();
        while (at > 0 && flights.get(at - 1).arrival().isAfter(flight.arrival())) {
            at--;
        }
        flights.add(at, flight);
    }

    private void lose(Gateway from, Parcel parcel, String why) {
        tell(from, parcel, " [" + why + "]");
        parcel.lost(why);
    }

    private void tell(Gateway from, Parcel parcel, String fate) {
        if (parcel.cargo() instanceof Parcel.Cargo.Ike ike) {
            world.tell(from + " --> " + parcel.destination() + " " + describe(ike.octets()) + fate);
        } else if (parcel.cargo() instanceof Parcel.Cargo.Keepalive) {
            world.tell(from + " --> " + parcel.destination() + " keepalive" + fate);
        }
    }

    private String describe(Bytes octets) {
        return world.describe(octets);
    }

    private Link link(Gateway from, Gateway to) {
        String name = from + ">" + to;
        return links.computeIfAbsent(name, key -> new Link(seed * 31 + key.hashCode(), weather));
    }

    Optional<MonoTime> nextArrival() {
        return flights.isEmpty() ? Optional.empty() : Optional.of(flights.get(0).arrival());
    }

    /** Messages and packets on their way. */
    public int inFlight() {
        return flights.size();
    }

    /** Delivers the parcel that arrives next, or another one of those on their way when there are {@code choices}. */
    void deliverOne(Optional<Choices> choices) {
        Flight next = flights.remove(choices.isPresent() ? choices.get().among(flights.size()) : 0);
        Parcel parcel = next.parcel();
        Optional<Parcel> inside = Optional.empty();
        Gateway to = null;
        for (Gateway gateway : world.gateways()) {
            Nat box = nats.get(gateway);
            if (box != null && box.owns(parcel.destination().address())) {
                inside = box.inwards(parcel);
                to = gateway;
            } else if (box == null
                    && gateway.address().equals(parcel.destination().address())) {
                inside = Optional.of(parcel);
                to = gateway;
            }
        }
        if (to == null || inside.isEmpty()) {
            world.tell("a parcel to " + parcel.destination() + " meets no mapping");
            parcel.lost("no mapping in the NAT");
            return;
        }
        arrive(to, inside.get());
    }

    private void arrive(Gateway to, Parcel parcel) {
        Endpoint at = parcel.destination();
        if (!PORTS.contains(at.port())) {
            world.tell("nobody listens at " + at);
            parcel.lost("nobody listens there");
        } else if (parcel.cargo() instanceof Parcel.Cargo.Esp esp) {
            EspPacket seen = esp.packet().rerouted(parcel.source(), at);
            esp.outcome().accept(to.kernel().receive(seen));
        } else if (parcel.cargo() instanceof Parcel.Cargo.Ike ike && to.isRunning()) {
            boolean marked = at.port() == NAT_PORT;
            world.expect(marked == ike.encapsulated(), "a message to " + at + " came with the wrong framing");
            world.tell(to + " <-- " + parcel.source() + " " + describe(ike.octets()));
            to.handle(new Input.Datagram(at, parcel.source(), ike.octets(), marked));
        }
    }
}
