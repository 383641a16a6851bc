package org.ikev2d.core.policy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.TrafficSelector;

/** Turns pairs of traffic selectors, which are ranges, into the kernel's selectors, which are prefixes and masks. */
public final class SelectorSplit {
    /** A pair of selectors that would need more policies than this (per direction) is refused. */
    public static final int LIMIT = 64;

    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    private SelectorSplit() {}

    /** A port with the bits of it that count. */
    private record MaskedPort(int port, int mask) {}

    private record Prefix(IpAddress address, int length) {}

    /**
     * The outbound selectors, from {@code local} to {@code remote}, that together match exactly the pair. Empty where
     * the two cannot both hold: other families, other protocols, OPAQUE ports.
     */
    public static List<PacketSelector> split(TrafficSelector local, TrafficSelector remote) {
        if (local.first().isIpv4() != remote.first().isIpv4()) {
            return List.of();
        }
        if (local.ipProtocol() != 0 && remote.ipProtocol() != 0 && local.ipProtocol() != remote.ipProtocol()) {
            return List.of();
        }
        int protocol = local.ipProtocol() != 0 ? local.ipProtocol() : remote.ipProtocol();
        List<PacketSelector> selectors = new ArrayList<>();
        for (Prefix source : prefixes(local.first(), local.last())) {
            for (Prefix destination : prefixes(remote.first(), remote.last())) {
                for (MaskedPort[] ports : ports(protocol, local, remote)) {
                    selectors.add(new PacketSelector(
                            source.address(),
                            source.length(),
                            destination.address(),
                            destination.length(),
                            protocol,
                            ports[0].port(),
                            ports[0].mask(),
                            ports[1].port(),
                            ports[1].mask()));
                }
            }
        }
        return selectors;
    }

    /** How many selectors {@link #splitAll} would give at the most; cheap, whatever the ranges are. */
    public static long count(List<TrafficSelector> locals, List<TrafficSelector> remotes) {
        return locals.stream()
                .mapToLong(local -> remotes.stream()
                        .mapToLong(remote -> count(local, remote))
                        .sum())
                .sum();
    }

    private static long count(TrafficSelector local, TrafficSelector remote) {
        return (long) prefixes(local.first(), local.last()).size()
                * prefixes(remote.first(), remote.last()).size()
                * maskedPorts(local.startPort(), local.endPort()).size()
                * maskedPorts(remote.startPort(), remote.endPort()).size();
    }

    /** Every pair of {@code locals} and {@code remotes}, split; each selector once. */
    public static List<PacketSelector> splitAll(List<TrafficSelector> locals, List<TrafficSelector> remotes) {
        return locals.stream()
                .flatMap(local -> remotes.stream().flatMap(remote -> split(local, remote).stream()))
                .distinct()
                .toList();
    }

    private static List<MaskedPort[]> ports(int protocol, TrafficSelector local, TrafficSelector remote) {
        List<MaskedPort[]> pairs = new ArrayList<>();
        if (protocol == ICMP || protocol == ICMPV6) {
            // The kernel keeps an ICMP packet's type where a source port would be, and its code as destination port.
            TrafficSelector typed = isAnyPort(local) ? remote : local;
            for (MaskedPort range : maskedPorts(typed.startPort(), typed.endPort())) {
                MaskedPort type =
                        new MaskedPort(range.port() >>> 8, range.mask() >>> 8 == 0xff ? 0xffff : range.mask() >>> 8);
                MaskedPort code = new MaskedPort(
                        range.port() & 0xff, (range.mask() & 0xff) == 0xff ? 0xffff : range.mask() & 0xff);
                pairs.add(new MaskedPort[] {type, code});
            }
            return pairs;
        }
        for (MaskedPort source : maskedPorts(local.startPort(), local.endPort())) {
            for (MaskedPort destination : maskedPorts(remote.startPort(), remote.endPort())) {
                pairs.add(new MaskedPort[] {source, destination});
            }
        }
        return pairs;
    }

    private static boolean isAnyPort(TrafficSelector selector) {
        return selector.startPort() == 0 && selector.endPort() == 0xffff;
    }

    /** The fewest aligned blocks that make up {@code start} to {@code end}; none for OPAQUE. */
    private static List<MaskedPort> maskedPorts(int start, int end) {
        List<MaskedPort> blocks = new ArrayList<>();
        int at = start;
        while (at <= end) {
            int size = at == 0 ? 0x10000 : Integer.lowestOneBit(at);
            while (at + size - 1 > end) {
                size >>= 1;
            }
            blocks.add(new MaskedPort(at, 0xffff & -size));
            at += size;
        }
        return blocks;
    }

    /** The fewest prefixes that make up {@code first} to {@code last}. */
    private static List<Prefix> prefixes(IpAddress first, IpAddress last) {
        int bits = first.bits();
        BigInteger at = number(first);
        BigInteger end = number(last);
        List<Prefix> prefixes = new ArrayList<>();
        while (at.compareTo(end) <= 0) {
            int free = at.signum() == 0 ? bits : Math.min(bits, at.getLowestSetBit());
            while (at.add(BigInteger.ONE.shiftLeft(free))
                            .subtract(BigInteger.ONE)
                            .compareTo(end)
                    > 0) {
                free--;
            }
            prefixes.add(new Prefix(address(at, bits), bits - free));
            at = at.add(BigInteger.ONE.shiftLeft(free));
        }
        return prefixes;
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.octets().toArray());
    }

    private static IpAddress address(BigInteger number, int bits) {
        byte[] octets = new byte[bits / 8];
        byte[] magnitude = number.toByteArray();
        int length = Math.min(octets.length, magnitude.length);
        System.arraycopy(magnitude, magnitude.length - length, octets, octets.length - length, length);
        return new IpAddress(Bytes.wrap(octets));
    }
}
