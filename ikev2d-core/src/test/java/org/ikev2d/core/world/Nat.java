package org.ikev2d.core.world;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;

/** A box that lends its own address and a port to what stands behind it, and forgets a mapping that is idle. */
public final class Nat {
    /** How long a mapping lives without an outgoing packet. */
    public static final Duration MAPPING_LIFE = Duration.ofSeconds(60);

    private IpAddress outside;
    private final VirtualClock clock;
    private final Map<Endpoint, Mapping> byInside = new HashMap<>();
    private int nextPort = 40_000;

    private record Mapping(Endpoint inside, Endpoint outside, MonoTime lastUse) {}

    Nat(IpAddress outside, VirtualClock clock) {
        this.outside = outside;
        this.clock = clock;
    }

    /** As a reboot does: the next packets get other ports. */
    public void forget() {
        byInside.clear();
    }

    /** It has another address of its own, and no mapping any more. */
    public void moveTo(IpAddress other) {
        outside = other;
        byInside.clear();
    }

    boolean owns(IpAddress address) {
        return outside.equals(address);
    }

    /** Empty when it lets such packets not pass. */
    Optional<Parcel> outwards(Parcel parcel) {
        if (!parcel.isUdp()) {
            return Optional.empty();
        }
        Endpoint inside = parcel.source();
        Endpoint mapped = Optional.ofNullable(byInside.get(inside))
                .filter(this::isLive)
                .map(Mapping::outside)
                .orElseGet(() -> new Endpoint(outside, nextPort++));
        byInside.put(inside, new Mapping(inside, mapped, clock.now()));
        return Optional.of(parcel.from(mapped));
    }

    /** Empty when there is no mapping. */
    Optional<Parcel> inwards(Parcel parcel) {
        return byInside.values().stream()
                .filter(mapping -> mapping.outside().equals(parcel.destination()) && isLive(mapping))
                .findFirst()
                .map(mapping -> parcel.to(mapping.inside()));
    }

    private boolean isLive(Mapping mapping) {
        return clock.now().since(mapping.lastUse()).compareTo(MAPPING_LIFE) <= 0;
    }
}
