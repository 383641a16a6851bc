package org.ikev2d.core.world;

import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.Endpoint;

/**
 * What travels between gateways.
 *
 * @param source as the receiver will see it; port 0 for plain ESP
 * @param destination where it goes next; port 0 for plain ESP
 */
public record Parcel(Endpoint source, Endpoint destination, Cargo cargo) {
    /** What is in it. */
    public sealed interface Cargo {
        /** @param encapsulated behind the non-ESP marker (RFC 7296 §3.1) */
        record Ike(Bytes octets, boolean encapsulated) implements Cargo {}

        /** @param outcome is told what became of it, also when it is lost */
        record Esp(EspPacket packet, Consumer<Arrival> outcome) implements Cargo {}

        /** RFC 3948 §2.3. */
        record Keepalive() implements Cargo {}
    }

    public static Parcel ike(Endpoint source, Endpoint destination, Bytes octets, boolean encapsulated) {
        return new Parcel(source, destination, new Cargo.Ike(octets, encapsulated));
    }

    Parcel from(Endpoint other) {
        return new Parcel(other, destination, cargo);
    }

    Parcel to(Endpoint other) {
        return new Parcel(source, other, cargo);
    }

    boolean isUdp() {
        return source.port() != 0;
    }

    void lost(String why) {
        if (cargo instanceof Cargo.Esp esp) {
            esp.outcome().accept(new Arrival.Dropped(why));
        }
    }
}
