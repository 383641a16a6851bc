package org.ikev2d.core.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.World;

/** Listens to every message as it leaves, and can lose some. */
final class Wiretap implements UnaryOperator<List<Parcel>> {
    private final World world;
    private final List<Heard> heard = new ArrayList<>();
    private Predicate<Heard> loss = message -> false;

    private Wiretap(World world) {
        this.world = world;
    }

    static Wiretap in(World world) {
        Wiretap wiretap = new Wiretap(world);
        world.network().censor(wiretap);
        return wiretap;
    }

    /** A message, with what is in the clear of it. */
    record Heard(MonoTime at, Parcel parcel, OuterMessage message) {
        Bytes octets() {
            return ((Parcel.Cargo.Ike) parcel.cargo()).octets();
        }

        IkeHeader header() {
            return message.header();
        }

        boolean is(ExchangeType exchange, boolean response) {
            return header().exchangeType() == exchange.code() && header().response() == response;
        }

        boolean isFrom(IpAddress address) {
            return parcel.source().address().equals(address);
        }
    }

    /** From now on. */
    Wiretap losing(Predicate<Heard> some) {
        loss = some;
        return this;
    }

    @Override
    public List<Parcel> apply(List<Parcel> parcels) {
        List<Parcel> passed = new ArrayList<>();
        for (Parcel parcel : parcels) {
            Heard message = new Heard(world.clock().now(), parcel, decode(parcel));
            heard.add(message);
            if (!loss.test(message)) {
                passed.add(parcel);
            }
        }
        return passed;
    }

    private static OuterMessage decode(Parcel parcel) {
        try {
            return MessageCodec.decode(((Parcel.Cargo.Ike) parcel.cargo()).octets());
        } catch (DecodeException broken) {
            throw new AssertionError("no message is sent: " + broken.getMessage(), broken);
        }
    }

    /** Oldest first, repetitions and those that were lost too. */
    List<Heard> all() {
        return List.copyOf(heard);
    }

    Stream<Heard> from(IpAddress sender) {
        return heard.stream().filter(message -> message.isFrom(sender));
    }

    Wiretap forget() {
        heard.clear();
        return this;
    }
}
