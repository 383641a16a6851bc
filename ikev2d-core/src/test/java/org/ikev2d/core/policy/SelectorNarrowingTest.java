package org.ikev2d.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.TrafficSelector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SelectorNarrowingTest {
    private static List<TrafficSelector> selectors(String text) {
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.stream(text.trim().split(" +"))
                        .map(TrafficSelector::parse)
                        .toList();
    }

    private static List<String> text(List<TrafficSelector> selectors) {
        return selectors.stream().map(TrafficSelector::describe).toList();
    }

    @Holds("7296-2.9-b")
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    10.1.0.0/16               | 10.1.0.0/16               | 10.1.0.0/16
                    10.0.0.0/8                | 10.1.0.0/16               | 10.1.0.0/16
                    10.1.2.0/24               | 10.1.0.0/16               | 10.1.2.0/24
                    10.1.0.0-10.1.0.9         | 10.1.0.5-10.1.0.20        | 10.1.0.5-10.1.0.9
                    10.1.0.0/16               | 10.2.0.0/16               |
                    10.1.0.0/16               | 2001:db8::/32             |
                    0.0.0.0/0 ::/0            | 2001:db8::/32             | 2001:db8::/32
                    10.1.0.0/16[tcp]          | 10.1.0.0/16               | 10.1.0.0/16[tcp]
                    10.1.0.0/16               | 10.1.0.0/16[udp/53]       | 10.1.0.0/16[udp/53]
                    10.1.0.0/16[tcp]          | 10.1.0.0/16[udp]          |
                    10.1.0.0/16[tcp/1-100]    | 10.1.0.0/16[tcp/50-200]   | 10.1.0.0/16[tcp/50-100]
                    10.1.0.0/16[tcp/1-49]     | 10.1.0.0/16[tcp/50-200]   |
                    10.1.0.0/16[tcp/opaque]   | 10.1.0.0/16               |
                    10.1.0.0/16 10.2.0.0/16   | 10.0.0.0/8                | 10.1.0.0/16 10.2.0.0/16
                    10.2.0.0/16 10.1.0.0/16   | 10.0.0.0/8                | 10.1.0.0/16 10.2.0.0/16
                    10.1.0.5 10.1.0.0/16      | 10.1.0.0/16               | 10.1.0.0/16
                    10.1.0.0/16 10.1.0.0/16   | 10.1.0.0/16 10.1.0.0/16   | 10.1.0.0/16
                    10.0.0.0/8                | 10.1.0.0/16 10.9.0.0/24   | 10.1.0.0/16 10.9.0.0/24
                                              | 10.1.0.0/16               |
                    """)
    void narrowedIsWhatIsInBothSortedAndOnce_rfc7296_2_9(String offered, String allowed, String common) {
        assertThat(text(SelectorNarrowing.narrow(selectors(offered), selectors(allowed))))
                .isEqualTo(text(selectors(common)));
        assertThat(text(SelectorNarrowing.narrow(selectors(allowed), selectors(offered))))
                .isEqualTo(text(selectors(common)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    10.1.0.0/16             | 10.0.0.0/8                | true
                    10.1.0.0/16             | 10.1.0.0/16               | true
                    10.0.0.0/8              | 10.1.0.0/16               | false
                    10.1.0.0/16[tcp]        | 10.1.0.0/16               | true
                    10.1.0.0/16             | 10.1.0.0/16[tcp]          | false
                    10.1.0.0/16[tcp/80]     | 10.1.0.0/16[tcp/1-100]    | true
                    10.1.0.0/16[tcp/1-101]  | 10.1.0.0/16[tcp/1-100]    | false
                    10.1.0.0/16 10.9.0.1    | 10.9.0.0/16 10.1.0.0/16   | true
                    10.1.0.0/16 10.9.0.1    | 10.1.0.0/16               | false
                    ::/0                    | 0.0.0.0/0                 | false
                    """)
    void partsLieWithinWholesOrDoNot(String parts, String wholes, boolean within) {
        assertThat(SelectorNarrowing.within(selectors(parts), selectors(wholes)))
                .isEqualTo(within);
    }

    @Test
    void normalizedListsOfTheSameTrafficAreEqual() {
        List<TrafficSelector> one = selectors("10.2.0.0/16 10.1.0.0/16 10.1.7.0/24 10.1.0.0/16[tcp]");
        List<TrafficSelector> other = selectors("10.1.0.0/16 10.2.0.0/16 10.2.0.9");
        assertThat(SelectorNarrowing.normalized(one)).isEqualTo(SelectorNarrowing.normalized(other));
        assertThat(SelectorNarrowing.normalized(SelectorNarrowing.normalized(one)))
                .isEqualTo(SelectorNarrowing.normalized(one));
    }

    private static IpAddress address(int low) {
        return new IpAddress(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) low));
    }

    private static List<TrafficSelector> random(Random random) {
        List<TrafficSelector> selectors = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            int first = random.nextInt(30);
            int start = random.nextInt(30);
            boolean any = random.nextBoolean();
            selectors.add(new TrafficSelector(
                    any ? 0 : 6 + 11 * random.nextInt(2),
                    any ? 0 : start,
                    any ? 0xffff : start + random.nextInt(20),
                    address(first),
                    address(first + random.nextInt(20))));
        }
        return selectors;
    }

    private static boolean contain(List<TrafficSelector> selectors, IpAddress address, int protocol, int port) {
        return selectors.stream()
                .anyMatch(selector -> address.compareTo(selector.first()) >= 0
                        && address.compareTo(selector.last()) <= 0
                        && (selector.ipProtocol() == 0 || selector.ipProtocol() == protocol)
                        && port >= selector.startPort()
                        && port <= selector.endPort());
    }

    @Holds("7296-2.9-b")
    @Test
    void packetIsInTheNarrowedSelectorsIfAndOnlyIfItIsInBoth() {
        Random random = new Random(7);
        int inBoth = 0;
        for (int i = 0; i < 300; i++) {
            List<TrafficSelector> offered = random(random);
            List<TrafficSelector> allowed = random(random);
            List<TrafficSelector> narrowed = SelectorNarrowing.narrow(offered, allowed);
            assertThat(SelectorNarrowing.within(narrowed, offered)).isTrue();
            assertThat(SelectorNarrowing.within(narrowed, allowed)).isTrue();
            for (int sample = 0; sample < 200; sample++) {
                IpAddress address = address(random.nextInt(55));
                int protocol = 6 + 11 * random.nextInt(2);
                int port = random.nextInt(55);
                boolean both = contain(offered, address, protocol, port) && contain(allowed, address, protocol, port);
                assertThat(contain(narrowed, address, protocol, port))
                        .as("%s %s %s in %s and %s", address, protocol, port, text(offered), text(allowed))
                        .isEqualTo(both);
                inBoth += both ? 1 : 0;
            }
        }
        assertThat(inBoth).isGreaterThan(1000);
    }
}
