package org.ikev2d.xfrm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.xfrm.codec.Samples.address;
import static org.ikev2d.xfrm.codec.Samples.between;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.netlink.NetlinkMessage;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a kernel with per-CPU states says, recorded. */
class RecordedAnswersTest {
    private static final ReqId REQID = ReqId.ofTunnel(9);
    private static final IpAddress HERE = address("192.0.2.1");
    private static final IpAddress THERE = address("192.0.2.2");
    private static final PacketSelector PING =
            new PacketSelector(address("10.1.0.1"), 32, address("10.2.0.1"), 32, 1, 8, 0xffff, 0, 0xffff);

    @Test
    void anAcquireHasACpuOnlyWhereThereIsAFallback() throws DecodeException {
        assertThat(event("event-acquire"))
                .containsInstanceOf(KernelEvent.Acquire.class)
                .map(event -> ((KernelEvent.Acquire) event).cpu())
                .contains(Optional.empty());
        KernelEvent.Acquire acquire =
                (KernelEvent.Acquire) event("event-acquire-cpu").orElseThrow();
        assertThat(acquire.cpu()).contains(new CpuId(2));
        assertThat(acquire.reqId()).isEqualTo(REQID);
        assertThat(acquire.sequence()).isPositive();
        assertThat(acquire.trigger().source()).isEqualTo(PING.source());
        assertThat(acquire.trigger().destination()).isEqualTo(PING.destination());
        assertThat(acquire.trigger().ipProtocol()).isEqualTo(PING.ipProtocol());
    }

    @Test
    void whatEnds() throws DecodeException {
        assertThat(event("event-delsa"))
                .contains(new KernelEvent.Expire(new SaId(THERE, new EspSpi(0x1002)), REQID, true));
        assertThat(event("event-expire")).get().isInstanceOfSatisfying(KernelEvent.Expire.class, expire -> {
            assertThat(expire.id().destination()).isEqualTo(HERE);
            assertThat(expire.hard()).isTrue();
        });
        assertThat(event("event-delpolicy")).contains(new KernelEvent.Overrun());
        assertThat(event("event-flushsa")).contains(new KernelEvent.Overrun());
    }

    @Test
    void aMapping() throws DecodeException {
        assertThat(event("event-mapping")).get().isInstanceOfSatisfying(KernelEvent.Mapping.class, mapping -> {
            assertThat(mapping.id().destination()).isEqualTo(HERE);
            assertThat(mapping.previous()).isEqualTo(new Endpoint(THERE, 4500));
            assertThat(mapping.current()).isEqualTo(new Endpoint(THERE, 5000));
        });
    }

    @Test
    void states() throws DecodeException {
        SaState reserved = state("dump-sa-1");
        assertThat(reserved.toInstalledSa())
                .contains(new InstalledSa(
                        new SaId(HERE, new EspSpi(reserved.info().id().spi())),
                        THERE,
                        REQID,
                        Optional.of(Direction.IN),
                        Optional.empty(),
                        true));
        assertThat(state("dump-sa-2").toInstalledSa())
                .contains(new InstalledSa(
                        new SaId(THERE, new EspSpi(0x1002)),
                        HERE,
                        REQID,
                        Optional.of(Direction.OUT),
                        Optional.of(new CpuId(3)),
                        false));
        SaState asking = state("dump-sa-3");
        assertThat(asking.isOurs()).isTrue();
        assertThat(asking.cpu()).contains(new CpuId(2));
        assertThat(asking.toInstalledSa()).as("it has no SPI yet").isEmpty();
        SaState used = state("dump-sa-4");
        assertThat(used.usage()).isEqualTo(new SaUsage(84, 1, used.lastUsed()));
        assertThat(used.lastUsed()).isGreaterThan(1_700_000_000L);
    }

    @Test
    void aPolicy() throws DecodeException {
        PolicyState policy =
                PolicyState.read(reader(RecordedRequest.read("dump-policy").octets()));
        assertThat(policy.toPolicySpec())
                .contains(new PolicySpec(
                        new PolicyId(Direction.OUT, between("10.1.0.0/16", "10.2.0.0/16")),
                        REQID,
                        HERE,
                        THERE,
                        1000,
                        true));
    }

    static Stream<String> events() {
        return RecordedRequest.names().stream().filter(name -> name.startsWith("event-"));
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyTruncationIsReadOrRefused(String name) {
        Bytes whole = RecordedRequest.read(name).octets();
        for (int size = 0; size < whole.size(); size++) {
            try {
                assertThat(decode(name, whole.slice(0, size))).isNotNull();
            } catch (DecodeException e) {
                assertThat(e.getMessage()).contains(" at octet ");
            }
        }
    }

    private static Optional<KernelEvent> event(String name) throws DecodeException {
        return decode(name, RecordedRequest.read(name).octets());
    }

    private static Optional<KernelEvent> decode(String name, Bytes body) throws DecodeException {
        String message = RecordedRequest.read(name).message().substring("XFRM_MSG_".length());
        ByteBuffer octets = ByteBuffer.allocate(2048).order(ByteOrder.nativeOrder());
        NetlinkWriter.message(octets, XfrmMessage.valueOf(message).code(), 0, 0, 0, out -> out.bytes(body));
        return EventDecoder.decode(
                new NetlinkMessage.Datagram(octets.flip()).next().orElseThrow());
    }

    private static SaState state(String name) throws DecodeException {
        return SaState.read(reader(RecordedRequest.read(name).octets()));
    }

    private static NetlinkReader reader(Bytes octets) {
        return NetlinkReader.of(ByteBuffer.wrap(octets.toArray()), "recorded");
    }
}
