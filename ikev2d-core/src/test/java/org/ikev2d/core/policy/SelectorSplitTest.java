package org.ikev2d.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.TrafficSelector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectorSplitTest {
    private static final TrafficSelector HERE = TrafficSelector.parse("10.1.0.0/16");
    private static final TrafficSelector THERE = TrafficSelector.parse("10.2.0.0/16");

    private static List<String> split(String local, String remote) {
        return SelectorSplit.split(TrafficSelector.parse(local), TrafficSelector.parse(remote)).stream()
                .map(SelectorSplitTest::text)
                .toList();
    }

    private static String text(PacketSelector selector) {
        return selector.source() + "/" + selector.sourcePrefix() + " > " + selector.destination() + "/"
                + selector.destinationPrefix() + " " + selector.ipProtocol() + " "
                + port(selector.sourcePort(), selector.sourcePortMask()) + " "
                + port(selector.destinationPort(), selector.destinationPortMask());
    }

    private static String port(int port, int mask) {
        return mask == 0 ? "any" : mask == 0xffff ? Integer.toString(port) : port + "&" + Integer.toHexString(mask);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    10.1.0.0/16            | 10.2.0.0/16 | 10.1.0.0/16 > 10.2.0.0/16 0 any any
                    10.1.0.7               | 10.2.0.0/16 | 10.1.0.7/32 > 10.2.0.0/16 0 any any
                    0.0.0.0/0              | 10.2.0.0/16 | 0.0.0.0/0 > 10.2.0.0/16 0 any any
                    10.1.0.0/16[tcp]       | 10.2.0.0/16 | 10.1.0.0/16 > 10.2.0.0/16 6 any any
                    10.1.0.0/16            | 10.2.0.0/16[udp] | 10.1.0.0/16 > 10.2.0.0/16 17 any any
                    10.1.0.0/16[tcp/443]   | 10.2.0.0/16[tcp] | 10.1.0.0/16 > 10.2.0.0/16 6 443 any
                    10.1.0.0/16[tcp]       | 10.2.0.0/16[tcp/80] | 10.1.0.0/16 > 10.2.0.0/16 6 any 80
                    10.1.0.0/16[udp/1024-2047] | 10.2.0.0/16 | 10.1.0.0/16 > 10.2.0.0/16 17 1024&fc00 any
                    10.1.0.0/16[icmp/8]    | 10.2.0.0/16 | 10.1.0.0/16 > 10.2.0.0/16 1 8 any
                    10.1.0.0/16[icmp]      | 10.2.0.0/16[icmp/0] | 10.1.0.0/16 > 10.2.0.0/16 1 0 any
                    2001:db8::/32          | ::/0 | 2001:db8::/32 > ::/0 0 any any
                    2001:db8::1            | 2001:db8::2 | 2001:db8::1/128 > 2001:db8::2/128 0 any any
                    """)
    void whatIsAPrefixAndAMaskIsOnePolicy(String local, String remote, String selector) {
        assertThat(split(local, remote)).containsExactly(selector);
    }

    @Test
    void rangeBecomesTheFewestPrefixes() {
        assertThat(split("10.1.0.1-10.1.0.6", "10.2.0.0/16"))
                .containsExactly(
                        "10.1.0.1/32 > 10.2.0.0/16 0 any any",
                        "10.1.0.2/31 > 10.2.0.0/16 0 any any",
                        "10.1.0.4/31 > 10.2.0.0/16 0 any any",
                        "10.1.0.6/32 > 10.2.0.0/16 0 any any");
        assertThat(split("0.0.0.1-255.255.255.254", "10.2.0.0/16")).hasSize(62);
        assertThat(split("128.0.0.0-255.255.255.255", "10.2.0.0/16"))
                .containsExactly("128.0.0.0/1 > 10.2.0.0/16 0 any any");
        assertThat(split("2001:db8::1-2001:db8::4", "::/0"))
                .containsExactly(
                        "2001:db8::1/128 > ::/0 0 any any",
                        "2001:db8::2/127 > ::/0 0 any any",
                        "2001:db8::4/128 > ::/0 0 any any");
    }

    @Test
    void portsBecomeTheFewestMasksAndEachGoesWithEach() {
        assertThat(split("10.1.0.0/16[tcp/1-6]", "10.2.0.0/16"))
                .containsExactly(
                        "10.1.0.0/16 > 10.2.0.0/16 6 1 any",
                        "10.1.0.0/16 > 10.2.0.0/16 6 2&fffe any",
                        "10.1.0.0/16 > 10.2.0.0/16 6 4&fffe any",
                        "10.1.0.0/16 > 10.2.0.0/16 6 6 any");
        assertThat(split("10.1.0.0-10.1.0.2[tcp/80-82]", "10.2.0.0/31[tcp/1-2]"))
                .hasSize(2 * 2 * 2);
        assertThat(split("10.1.0.0/16[udp/65535]", "10.2.0.0/16")).hasSize(1);
        assertThat(split("10.1.0.0/16[udp/1-65535]", "10.2.0.0/16")).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 2001:db8::/32",
        "10.1.0.0/16[tcp], 10.2.0.0/16[udp]",
        "10.1.0.0/16[tcp/opaque], 10.2.0.0/16",
        "10.1.0.0/16, 10.2.0.0/16[udp/opaque]"
    })
    void pairThatCannotHoldIsNoPolicy(String local, String remote) {
        assertThat(split(local, remote)).isEmpty();
    }

    @Test
    void everyPairIsSplitAndNothingStandsTwice() {
        List<TrafficSelector> locals = List.of(HERE, TrafficSelector.parse("10.3.0.0/16"), HERE);
        List<TrafficSelector> remotes = List.of(THERE, TrafficSelector.parse("2001:db8::/32"));
        assertThat(SelectorSplit.splitAll(locals, remotes))
                .extracting(SelectorSplitTest::text)
                .containsExactly("10.1.0.0/16 > 10.2.0.0/16 0 any any", "10.3.0.0/16 > 10.2.0.0/16 0 any any");
    }

    /** A packet, its ports as the kernel sees them: ICMP's type and code stand in their place. */
    private record Probe(IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {
        private boolean isIn(PacketSelector selector) {
            return inPrefix(source, selector.source(), selector.sourcePrefix())
                    && inPrefix(destination, selector.destination(), selector.destinationPrefix())
                    && (selector.ipProtocol() == 0 || selector.ipProtocol() == protocol)
                    && (sourcePort & selector.sourcePortMask()) == selector.sourcePort()
                    && (destinationPort & selector.destinationPortMask()) == selector.destinationPort();
        }

        private static boolean inPrefix(IpAddress address, IpAddress prefix, int length) {
            return length == 0 || number(address) >>> (32 - length) == number(prefix) >>> (32 - length);
        }

        private static int number(IpAddress address) {
            int number = 0;
            for (int octet = 0; octet < 4; octet++) {
                number = number << 8 | address.octets().at(octet);
            }
            return number;
        }

        /** As RFC 7296 §3.13.1 says. */
        private boolean isIn(TrafficSelector local, TrafficSelector remote) {
            boolean addresses = within(source, local) && within(destination, remote);
            boolean protocols = (local.ipProtocol() == 0 || local.ipProtocol() == protocol)
                    && (remote.ipProtocol() == 0 || remote.ipProtocol() == protocol);
            if (protocol == 1) {
                int typeAndCode = sourcePort << 8 | destinationPort;
                return addresses && protocols && within(typeAndCode, local) && within(typeAndCode, remote);
            }
            return addresses && protocols && within(sourcePort, local) && within(destinationPort, remote);
        }

        private static boolean within(IpAddress address, TrafficSelector selector) {
            return address.compareTo(selector.first()) >= 0 && address.compareTo(selector.last()) <= 0;
        }

        private static boolean within(int port, TrafficSelector selector) {
            return port >= selector.startPort() && port <= selector.endPort();
        }
    }

    private static IpAddress address(int low) {
        return new IpAddress(Bytes.of((byte) 10, (byte) 0, (byte) (low >> 8), (byte) low));
    }

    /** @param protocol 1: ports are types and codes, of which only the local selector speaks */
    private static TrafficSelector selector(Random random, int protocol, boolean anyPort) {
        int first = random.nextInt(600);
        int last = first + random.nextInt(300);
        int start = anyPort ? 0 : random.nextInt(2000);
        int end = anyPort ? 0xffff : start + random.nextInt(2000);
        if (protocol == 1 && !anyPort) {
            // Types as wholes: a range that ends amid one does not come apart into types and codes alone.
            start &= 0xff00;
            end |= 0xff;
        }
        return new TrafficSelector(protocol, start, end, address(first), address(last));
    }

    private static int near(Random random, int one, int other) {
        int edge = random.nextBoolean() ? one : other;
        return random.nextInt(4) == 0 ? random.nextInt(0x10000) : Math.floorMod(edge - 2 + random.nextInt(5), 0x10000);
    }

    private static int low(IpAddress address) {
        return address.octets().at(2) << 8 | address.octets().at(3);
    }

    private static Probe probe(Random random, TrafficSelector local, TrafficSelector remote, int protocol) {
        int sent = random.nextInt(5) == 0 ? random.nextInt(20) : protocol;
        int sourcePort = near(random, local.startPort(), local.endPort());
        int destinationPort = near(random, remote.startPort(), remote.endPort());
        boolean icmp = sent == 1;
        return new Probe(
                address(near(random, low(local.first()), low(local.last()))),
                address(near(random, low(remote.first()), low(remote.last()))),
                sent,
                icmp ? sourcePort >> 8 : sourcePort,
                icmp ? random.nextInt(256) : destinationPort);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 17, 47, 132})
    void splitMatchesThePacketsOfThePairAndNoOthers(int protocol) {
        Random random = new Random(protocol);
        int inside = 0;
        int outside = 0;
        for (int pair = 0; pair < 200; pair++) {
            boolean ports = protocol != 0 && protocol != 47;
            TrafficSelector local = selector(random, protocol, !ports || random.nextInt(3) == 0);
            TrafficSelector remote = selector(random, protocol, !ports || protocol == 1 || random.nextBoolean());
            List<PacketSelector> split = SelectorSplit.split(local, remote);
            for (int i = 0; i < 100; i++) {
                Probe probe = probe(random, local, remote, protocol == 0 ? 17 : protocol);
                long matching = split.stream().filter(probe::isIn).count();
                boolean wanted = probe.isIn(local, remote);
                if (matching != (wanted ? 1 : 0)) {
                    fail("%s is in %d of %s === %s", probe, matching, local.describe(), remote.describe());
                }
                inside += wanted ? 1 : 0;
                outside += wanted ? 0 : 1;
            }
        }
        assertThat(List.of(inside, outside)).allMatch(count -> count > 1000);
    }

    @Test
    void splitOfAWholeNetworkIsNeverMoreThanTwicePerBit() {
        Random random = new Random(1);
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int first = random.nextInt(0x8000);
            int last = first + random.nextInt(0x8000);
            sizes.add(SelectorSplit.split(TrafficSelector.anyPort(address(first), address(last)), THERE)
                    .size());
        }
        assertThat(sizes).allMatch(size -> size >= 1 && size <= 2 * 16);
    }
}
