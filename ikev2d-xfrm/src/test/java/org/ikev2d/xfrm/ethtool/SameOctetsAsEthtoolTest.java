package org.ikev2d.xfrm.ethtool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code ethtool} hands to the kernel, and we for the same. ethtool leaves what was on its stack in the fields that a
 * command does not use: those that it uses are compared.
 */
class SameOctetsAsEthtoolTest {
    private static final RxMatch ESP4 = new RxMatch.Esp(IpAddress.parse("192.0.2.1"), new EspSpi(0xc0000001));
    private static final RxMatch ESP6 = new RxMatch.Esp(IpAddress.parse("2001:db8::1"), new EspSpi(0xc0000002));
    private static final RxMatch UDP4 =
            new RxMatch.Udp(IpAddress.parse("198.51.100.2"), 40001, IpAddress.parse("192.0.2.1"), 4500);
    private static final RxMatch UDP6 =
            new RxMatch.Udp(IpAddress.parse("2001:db8:1::2"), 40001, IpAddress.parse("2001:db8::1"), 4500);

    /** The driver that answered ethtool had one rule, in the last of its 64 places. */
    private final FakeNic port = new FakeNic();

    private final Nic nic = new Nic(port, "lo");
    private final FakeNic.Device device = port.add("lo", 64, false);

    private static Bytes part(Bytes octets, int from, int to) {
        return Bytes.hex(octets.toHex().substring(2 * from, 2 * to));
    }

    private Bytes lastCall() {
        return port.calls.get(port.calls.size() - 1);
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of("rule-esp4", new RxRule(ESP4, 5)),
                Arguments.of("rule-esp6", new RxRule(ESP6, 3)),
                Arguments.of("rule-udp4", new RxRule(UDP4, 2)),
                Arguments.of("rule-udp6", new RxRule(UDP6, 1)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRuleIsPutInTheLastFreePlaceAsEthtoolDoesIt(String name, RxRule rule) throws KernelException {
        device.put(63, new RxRule(ESP6, 0));
        RecordedCalls recorded = RecordedCalls.read(name);
        int location = nic.insert(rule, nic.freeLocation());
        assertThat(location).isEqualTo(62);
        assertThat(port.calls).hasSameSizeAs(recorded.calls()).hasSize(3);
        // GRXCLSRLCNT: the command alone; GRXCLSRLALL: all; SRXCLSRLINS: command and fs.
        assertThat(part(port.calls.get(0), 0, 4))
                .isEqualTo(part(recorded.calls().get(0), 0, 4));
        assertThat(port.calls.get(1)).isEqualTo(recorded.calls().get(1));
        assertThat(part(port.calls.get(2), 0, 4))
                .isEqualTo(part(recorded.calls().get(2), 0, 4));
        assertThat(part(port.calls.get(2), 16, 180).toHex())
                .as(recorded.command())
                .isEqualTo(part(recorded.calls().get(2), 16, 180).toHex());
        assertThat(port.calls).allMatch(call -> call.size() == 192 || call.size() == 196);
    }

    @Test
    void aRuleOfAGivenPlace() throws KernelException {
        RecordedCalls recorded = RecordedCalls.read("rule-esp4-location");
        nic.insert(new RxRule(ESP4, 5), OptionalInt.of(7));
        assertThat(part(lastCall(), 16, 180))
                .isEqualTo(part(recorded.calls().get(recorded.calls().size() - 1), 16, 180));
    }

    @Test
    void deletingNamesThePlace() throws KernelException {
        device.put(7, new RxRule(ESP4, 0));
        nic.delete(7);
        sameCommandAndLocation(RecordedCalls.read("rule-delete").calls());
    }

    @Test
    void showingNamesThePlace() {
        nic.rule(7);
        sameCommandAndLocation(RecordedCalls.read("rule-show").calls());
    }

    private void sameCommandAndLocation(List<Bytes> recorded) {
        assertThat(part(lastCall(), 0, 4)).isEqualTo(part(recorded.get(0), 0, 4));
        assertThat(part(lastCall(), 176, 180)).isEqualTo(part(recorded.get(0), 176, 180));
        assertThat(lastCall().size()).isEqualTo(recorded.get(0).size());
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void hashesAreAskedForByTheirKindOfFlow(String name, FlowType type) {
        try {
            nic.hash(type);
        } catch (KernelException e) {
            assertThat(e).hasMessageContaining("ETHTOOL_GRXFH lo");
        }
        Bytes recorded = RecordedCalls.read(name).calls().get(0);
        assertThat(part(lastCall(), 0, 8)).isEqualTo(part(recorded, 0, 8));
    }

    static Stream<Arguments> hashes() {
        return Stream.of(
                Arguments.of("hash-esp4", FlowType.AH_ESP4),
                Arguments.of("hash-esp6", FlowType.AH_ESP6),
                Arguments.of("hash-udp4", FlowType.UDP4),
                Arguments.of("hash-udp6", FlowType.UDP6));
    }

    @Test
    void ringsChannelsAndFeatures() throws KernelException {
        List<Bytes> asked = new java.util.ArrayList<>();
        Nic recording = new Nic(
                (name, command, operation) -> {
                    byte[] copy = new byte[command.capacity()];
                    command.get(0, copy);
                    asked.add(Bytes.wrap(copy));
                    switch (command.getInt(0)) {
                        case 0x37 -> command.putInt(16, 3);
                        case 0x1b ->
                            command.put(12, text("rx-ntuple-filter"))
                                    .put(44, text("esp-hw-offload"))
                                    .put(76, text("rx-hashing"));
                        // available, requested, active, never_changed
                        case 0x3a -> command.putInt(8, 5).putInt(16, 4).putInt(20, 0);
                        case 0x3c -> command.putInt(16, 8).putInt(32, 4);
                        default -> command.putLong(8, 8);
                    }
                },
                "lo");
        assertThat(recording.rings()).isEqualTo(8);
        assertThat(part(asked.get(0), 0, 4))
                .isEqualTo(part(RecordedCalls.read("rules").calls().get(0), 0, 4));
        assertThat(recording.channels()).isEqualTo(new Nic.Channels(4, 8, true));
        assertThat(part(asked.get(1), 0, 4))
                .isEqualTo(part(RecordedCalls.read("channels").calls().get(0), 0, 4));
        assertThat(asked.get(1).size())
                .isEqualTo(RecordedCalls.read("channels").calls().get(0).size());
        asked.clear();
        assertThat(recording.features())
                .containsEntry("rx-ntuple-filter", new Nic.Feature(false, false))
                .containsEntry("esp-hw-offload", new Nic.Feature(false, true))
                .containsEntry("rx-hashing", new Nic.Feature(true, false));
        List<Bytes> recorded = RecordedCalls.read("features").calls();
        assertThat(asked.get(0)).isEqualTo(recorded.get(0));
        assertThat(part(asked.get(1), 0, 12)).isEqualTo(part(recorded.get(1), 0, 12));
        assertThat(asked.get(2)).isEqualTo(recorded.get(2));
    }

    private static byte[] text(String name) {
        return name.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
