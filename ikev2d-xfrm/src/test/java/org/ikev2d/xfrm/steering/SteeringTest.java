package org.ikev2d.xfrm.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.ethtool.FakeNic;
import org.ikev2d.xfrm.ethtool.FlowType;
import org.ikev2d.xfrm.ethtool.RxMatch;
import org.ikev2d.xfrm.ethtool.RxRule;
import org.ikev2d.xfrm.netlink.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SteeringTest {
    private static final IpAddress LOCAL = IpAddress.parse("192.0.2.1");
    private static final IpAddress PEER = IpAddress.parse("198.51.100.2");
    private static final int INSERT = 0x32;
    private static final int DELETE = 0x31;
    private static final int COUNT = 0x2e;

    @TempDir
    private Path directory;

    private final FakeNic nics = new FakeNic();
    private final FakeNic.Device eth0 = nics.add("eth0", 16, false);
    private final Map<String, Map<CpuId, Integer>> queues = new HashMap<>();
    private final SortedSet<String> receivers = new TreeSet<>(List.of("eth0"));
    private final List<String> told = new ArrayList<>();
    private Path record;
    private Steering steering;

    @BeforeEach
    void start() throws IOException {
        // CPU n has queue n + 4.
        queues.put("eth0", Map.of(new CpuId(0), 4, new CpuId(1), 5, new CpuId(2), 6));
        record = directory.resolve("nic-rules");
        restart();
    }

    /** A daemon that comes after another has only the record. */
    private void restart() throws IOException {
        Surroundings surroundings = new Surroundings() {
            @Override
            public SortedSet<String> receivers(IpAddress local, IpAddress peer) {
                return local.equals(LOCAL) && peer.equals(PEER) ? receivers : new TreeSet<>();
            }

            @Override
            public Map<CpuId, Integer> queues(String device) {
                return queues.getOrDefault(device, Map.of());
            }
        };
        steering = new Steering(nics, surroundings, record, (device, reason) -> told.add(device + ": " + reason));
    }

    private static SaId id(int spi) {
        return new SaId(LOCAL, new EspSpi(0xc0000000 + spi));
    }

    private static InboundSa sa(int spi, int cpu) {
        return new InboundSa(id(spi), PEER, Optional.of(new CpuId(cpu)), Optional.empty());
    }

    private static InboundSa fallback(int spi) {
        return new InboundSa(id(spi), PEER, Optional.empty(), Optional.empty());
    }

    private static InboundSa udp(int spi, int cpu, int port) {
        return new InboundSa(id(spi), PEER, Optional.of(new CpuId(cpu)), Optional.of(new Encapsulation(port, 4500)));
    }

    private static RxRule esp(int spi, int queue) {
        return new RxRule(new RxMatch.Esp(LOCAL, id(spi).spi()), queue);
    }

    private void follow(InboundSa... inbound) throws IOException {
        steering.follow(List.of(inbound), false);
    }

    private Collection<RxRule> rules() {
        return eth0.rules().values();
    }

    @Test
    void eachPerCpuSaHasARuleToTheQueueOfItsCpuAndTheFallbackHasNone() throws IOException {
        follow(fallback(1), sa(2, 0), sa(3, 1));
        assertThat(rules()).containsExactlyInAnyOrder(esp(2, 4), esp(3, 5));
        assertThat(steering.placed()).containsOnlyKeys(id(2), id(3));
        assertThat(steering.placed().get(id(3)))
                .singleElement()
                .matches(rule -> rule.device().equals("eth0") && rule.rule().queue() == 5)
                .matches(rule -> eth0.rules().get(rule.location().orElseThrow()).equals(esp(3, 5)));
        assertThat(told).isEmpty();
    }

    @Test
    void rulesComeAndGoWithTheSas() throws IOException {
        follow(sa(2, 0), sa(3, 1));
        follow(sa(2, 0), sa(3, 1), sa(4, 0));
        assertThat(rules()).containsExactlyInAnyOrder(esp(2, 4), esp(3, 5), esp(4, 4));
        follow(sa(3, 1), sa(4, 0));
        assertThat(rules()).containsExactlyInAnyOrder(esp(3, 5), esp(4, 4));
        follow();
        assertThat(rules()).isEmpty();
        assertThat(steering.placed()).isEmpty();
        assertThat(record).doesNotExist();
    }

    @Test
    void nothingIsAskedOfTheNicWhileNothingChanges() throws IOException {
        follow(sa(2, 0), sa(3, 1));
        nics.calls.clear();
        follow(sa(2, 0), sa(3, 1));
        assertThat(nics.calls).isEmpty();
    }

    @Test
    void anothersRulesStay() throws IOException {
        RxRule theirs = esp(99, 0);
        eth0.put(15, theirs);
        eth0.put(0, esp(98, 1));
        follow(sa(2, 0));
        follow();
        assertThat(eth0.rules()).containsOnlyKeys(0, 15).containsEntry(15, theirs);
    }

    @Test
    void aRuleThatAnotherHasReplacedIsNotTakenOut() throws IOException {
        follow(sa(2, 0));
        int location = eth0.rules().firstKey();
        eth0.put(location, esp(99, 1));
        follow();
        assertThat(eth0.rules()).containsEntry(location, esp(99, 1));
        assertThat(record).doesNotExist();
    }

    @Test
    void theSuccessorKeepsTheRulesOfSasThatAreThereAndTakesOutTheOthers() throws IOException {
        follow(sa(2, 0), sa(3, 1));
        restart();
        nics.calls.clear();
        follow(sa(3, 1), sa(4, 0));
        assertThat(rules()).containsExactlyInAnyOrder(esp(3, 5), esp(4, 4));
        assertThat(steering.placed()).containsOnlyKeys(id(3), id(4));
    }

    /** The daemon died between writing down what it was about to do and writing down where the driver put it. */
    @Test
    void aRuleOfAnUnknownPlaceIsFoundAndMadeAnew() throws IOException {
        FakeNic.Device eth1 = nics.add("eth1", 16, true);
        queues.put("eth1", Map.of(new CpuId(0), 1));
        receivers.clear();
        receivers.add("eth1");
        eth1.put(3, esp(99, 0));
        eth1.put(7, esp(2, 1));
        Files.writeString(record, "eth1 - 1 esp 192.0.2.1 0xc0000002\neth1 - 1 esp 192.0.2.1 0xc0000005\n");
        restart();
        follow();
        assertThat(eth1.rules()).containsOnlyKeys(3);
        assertThat(record).doesNotExist();
    }

    @Test
    void aRuleIsWrittenDownBeforeItIsMade() throws IOException {
        List<String> seen = new ArrayList<>();
        Steering watched = new Steering(
                (device, command, operation) -> {
                    if (command.getInt(0) == INSERT) {
                        seen.addAll(lines());
                    }
                    nics.call(device, command, operation);
                },
                new Surroundings() {
                    @Override
                    public SortedSet<String> receivers(IpAddress local, IpAddress peer) {
                        return receivers;
                    }

                    @Override
                    public Map<CpuId, Integer> queues(String device) {
                        return queues.get(device);
                    }
                },
                record,
                (device, reason) -> {});
        watched.follow(List.of(sa(2, 0)), false);
        assertThat(seen).containsExactly("eth0 - 4 esp 192.0.2.1 0xc0000002");
        assertThat(lines()).containsExactly("eth0 15 4 esp 192.0.2.1 0xc0000002");
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(record);
        } catch (IOException e) {
            return List.of();
        }
    }

    @Test
    void withoutARecordNothingIsPutIn() throws IOException {
        record = directory.resolve("no/such/folder/nic-rules");
        restart();
        assertThatIOException().isThrownBy(() -> follow(sa(2, 0)));
        assertThat(rules()).isEmpty();
    }

    @Test
    void whereTheDriverFindsPlacesItIsLetTo() throws IOException {
        FakeNic.Device eth1 = nics.add("eth1", 16, true);
        eth1.put(0, esp(99, 0));
        queues.put("eth1", Map.of(new CpuId(0), 1));
        receivers.clear();
        receivers.add("eth1");
        follow(sa(2, 0));
        assertThat(eth1.rules()).containsEntry(1, esp(2, 1));
        assertThat(steering.placed().get(id(2)).get(0).location()).hasValue(1);
    }

    @Test
    void aBondHasTheRuleInEachOfItsDevices() throws IOException {
        FakeNic.Device eth1 = nics.add("eth1", 16, false);
        queues.put("eth1", Map.of(new CpuId(0), 1));
        receivers.add("eth1");
        follow(sa(2, 0));
        assertThat(rules()).containsExactly(esp(2, 4));
        assertThat(eth1.rules().values()).containsExactly(esp(2, 1));
        assertThat(steering.placed().get(id(2))).hasSize(2);
    }

    @Test
    void aRefusalIsToldOnceAndTriedAgainOnlyWhenThingsMayHaveChanged() throws IOException {
        eth0.refuse(COUNT, Errno.EOPNOTSUPP);
        follow(sa(2, 0), sa(3, 1));
        follow(sa(2, 0), sa(3, 1), sa(4, 2));
        assertThat(told).containsExactly("eth0: ETHTOOL_GRXCLSRLCNT eth0: operation not supported (EOPNOTSUPP)");
        assertThat(nics.calls).hasSize(1);
        steering.follow(List.of(sa(2, 0)), true);
        assertThat(told).hasSize(1);
        eth0.accept(COUNT);
        steering.follow(List.of(sa(2, 0)), true);
        assertThat(rules()).containsExactly(esp(2, 4));
    }

    @Test
    void aNicThatTakesRulesForUdpOnlyGetsThose() throws IOException {
        eth0.refuseType(FlowType.ESP4);
        follow(sa(2, 0), udp(3, 1, 40001));
        assertThat(rules()).containsExactly(new RxRule(new RxMatch.Udp(PEER, 40001, LOCAL, 4500), 5));
        assertThat(told).hasSize(1);
    }

    @Test
    void aTableThatIsFullLeavesTheRestToTheHash() throws IOException {
        for (int i = 0; i < 15; i++) {
            eth0.put(i, esp(200 + i, 0));
        }
        follow(sa(2, 0), sa(3, 1));
        assertThat(eth0.rules()).hasSize(16).containsEntry(15, esp(2, 4));
        assertThat(told).singleElement().asString().contains("all its 16 rules are taken");
        follow(sa(3, 1));
        assertThat(eth0.rules()).doesNotContainKey(15);
        steering.follow(List.of(sa(3, 1)), true);
        assertThat(eth0.rules()).containsEntry(15, esp(3, 5));
    }

    @Test
    void saInUdpHasARuleWhereItsPortIsItsOwn() throws IOException {
        follow(udp(1, 0, 4500), udp(2, 1, 40001), udp(3, 2, 0));
        assertThat(rules())
                .containsExactlyInAnyOrder(
                        new RxRule(new RxMatch.Udp(PEER, 4500, LOCAL, 4500), 4),
                        new RxRule(new RxMatch.Udp(PEER, 40001, LOCAL, 4500), 5));
        follow(udp(1, 0, 4500), udp(4, 2, 4500), udp(2, 1, 40001));
        assertThat(rules()).containsExactly(new RxRule(new RxMatch.Udp(PEER, 40001, LOCAL, 4500), 5));
        InboundSa sharing = new InboundSa(id(5), PEER, Optional.empty(), Optional.of(new Encapsulation(40001, 4500)));
        follow(udp(2, 1, 40001), sharing);
        assertThat(rules()).isEmpty();
    }

    @Test
    void cpusWithoutQueuesAreToldOnce() throws IOException {
        follow(sa(2, 7), sa(4, 8));
        follow(sa(2, 7), sa(3, 0));
        assertThat(rules()).containsExactly(esp(3, 4));
        assertThat(told)
                .containsExactly("eth0: 3 CPUs have a receive queue to themselves, and CPUs with SAs have none");
    }

    @Test
    void whenInterruptsMoveTheRulesMoveWithThem() throws IOException {
        follow(sa(2, 0), sa(3, 1));
        queues.put("eth0", Map.of(new CpuId(0), 5, new CpuId(1), 5));
        follow(sa(2, 0), sa(3, 1));
        assertThat(rules()).containsExactlyInAnyOrder(esp(2, 4), esp(3, 5));
        steering.follow(List.of(sa(2, 0), sa(3, 1)), true);
        assertThat(rules()).containsExactlyInAnyOrder(esp(2, 5), esp(3, 5));
    }

    @Test
    void rulesThatTheDriverHasLostAreMadeAgain() throws IOException {
        follow(sa(2, 0));
        eth0.forget(eth0.rules().firstKey());
        steering.follow(List.of(sa(2, 0)), true);
        assertThat(rules()).containsExactly(esp(2, 4));
    }

    @Test
    void aDeviceThatIsGoneIsForgotten() throws IOException {
        follow(sa(2, 0));
        nics.remove("eth0");
        receivers.clear();
        follow(sa(2, 0));
        assertThat(record).doesNotExist();
        assertThat(steering.placed()).isEmpty();
    }

    @Test
    void aRuleThatTheDriverDoesNotGiveBackIsKeptInMind() throws IOException {
        follow(sa(2, 0));
        eth0.refuse(DELETE, Errno.EBUSY);
        follow();
        assertThat(told).singleElement().asString().contains("a receive rule of ours stays");
        eth0.accept(DELETE);
        follow();
        assertThat(rules()).isEmpty();
    }

    @Test
    void whatIsInTheRecordAndIsNoRuleIsLeftOut() throws IOException {
        Files.writeString(record, "\neth0 x 4 esp 192.0.2.1 0xc0000002\neth0 1 4 esp nowhere 0x1\nnonsense\n");
        restart();
        follow();
        assertThat(record).doesNotExist();
    }
}
