package org.ikev2d.core.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.TrafficSelector;

/** What of a peer's traffic selectors our own policy allows (RFC 7296 §2.9). */
public final class SelectorNarrowing {
    private static final Comparator<TrafficSelector> ORDER = Comparator.comparing(TrafficSelector::first)
            .thenComparing(TrafficSelector::last)
            .thenComparing(TrafficSelector::ipProtocol)
            .thenComparing(TrafficSelector::startPort)
            .thenComparing(TrafficSelector::endPort);

    private SelectorNarrowing() {}

    /** All that is in both, each part once, sorted; a part that lies within another is left out. */
    public static List<TrafficSelector> narrow(List<TrafficSelector> offered, List<TrafficSelector> allowed) {
        List<TrafficSelector> common = new ArrayList<>();
        for (TrafficSelector one : offered) {
            for (TrafficSelector other : allowed) {
                intersection(one, other).ifPresent(common::add);
            }
        }
        return normalized(common);
    }

    /** {@code selectors} sorted, without those that lie within another: equal traffic gives equal lists. */
    public static List<TrafficSelector> normalized(List<TrafficSelector> selectors) {
        List<TrafficSelector> distinct = selectors.stream().distinct().toList();
        return distinct.stream()
                .filter(part -> distinct.stream().noneMatch(whole -> !whole.equals(part) && contains(whole, part)))
                .sorted(ORDER)
                .toList();
    }

    /** Whether each of {@code parts} lies within one of {@code wholes}. */
    public static boolean within(List<TrafficSelector> parts, List<TrafficSelector> wholes) {
        return parts.stream().allMatch(part -> wholes.stream().anyMatch(whole -> contains(whole, part)));
    }

    private static boolean contains(TrafficSelector whole, TrafficSelector part) {
        return intersection(whole, part).map(part::equals).orElse(false);
    }

    private static Optional<TrafficSelector> intersection(TrafficSelector one, TrafficSelector other) {
        if (one.first().isIpv4() != other.first().isIpv4()) {
            return Optional.empty();
        }
        if (one.ipProtocol() != 0 && other.ipProtocol() != 0 && one.ipProtocol() != other.ipProtocol()) {
            return Optional.empty();
        }
        IpAddress first = one.first().compareTo(other.first()) >= 0 ? one.first() : other.first();
        IpAddress last = one.last().compareTo(other.last()) <= 0 ? one.last() : other.last();
        int startPort = Math.max(one.startPort(), other.startPort());
        int endPort = Math.min(one.endPort(), other.endPort());
        if (first.compareTo(last) > 0 || startPort > endPort) {
            return Optional.empty();
        }
        return Optional.of(
                new TrafficSelector(Math.max(one.ipProtocol(), other.ipProtocol()), startPort, endPort, first, last));
    }
}
