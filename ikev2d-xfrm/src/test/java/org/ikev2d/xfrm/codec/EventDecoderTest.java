package org.ikev2d.xfrm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.xfrm.codec.Samples.address;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.netlink.NetlinkMessage;
import org.ikev2d.xfrm.netlink.NetlinkWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventDecoderTest {
    private static final int OTHERS = 77;
    private static final ReqId REQID = ReqId.ofTunnel(3);
    private static final SaId SA = new SaId(address("192.0.2.1"), new EspSpi(0xc0000001));
    private static final PacketSelector TRIGGER =
            new PacketSelector(address("10.1.0.5"), 32, address("10.2.0.9"), 32, 6, 40000, 0xffff, 443, 0xffff);

    private static final Map<String, ByteBuffer> EVENTS = new LinkedHashMap<>();

    static {
        EVENTS.put("acquire", acquire(REQID.value(), Optional.of(3)));
        EVENTS.put("expire", expire(REQID.value(), SA.spi().value()));
        EVENTS.put("mapping", mapping(REQID.value()));
        EVENTS.put("deleted state", deletedSa(REQID.value()));
        EVENTS.put("deleted policy", deletedPolicy(REQID.value()));
    }

    static Stream<String> events() {
        return EVENTS.keySet().stream();
    }

    @Holds("9611-6-a")
    @Test
    void anAcquireTellsSequenceReqidCpuAndTrigger() throws DecodeException {
        assertThat(decode(acquire(REQID.value(), Optional.of(3))))
                .contains(new KernelEvent.Acquire(99, REQID, Optional.of(new CpuId(3)), TRIGGER));
        assertThat(decode(acquire(REQID.value(), Optional.empty())))
                .contains(new KernelEvent.Acquire(99, REQID, Optional.empty(), TRIGGER));
        assertThat(decode(acquire(REQID.value(), Optional.of(-1))))
                .contains(new KernelEvent.Acquire(99, REQID, Optional.empty(), TRIGGER));
    }

    @Test
    void anExpiryTellsTheState() throws DecodeException {
        assertThat(decode(EVENTS.get("expire"))).contains(new KernelEvent.Expire(SA, REQID, false));
        assertThat(decode(expire(REQID.value(), 0)))
                .as("a larval state without SPI")
                .isEmpty();
    }

    @Test
    void aMappingTellsBothEndpoints() throws DecodeException {
        assertThat(decode(EVENTS.get("mapping")))
                .contains(new KernelEvent.Mapping(
                        SA,
                        REQID,
                        new Endpoint(address("198.51.100.2"), 4500),
                        new Endpoint(address("198.51.100.3"), 61000)));
    }

    @Test
    void whatIsDeletedIsTold() throws DecodeException {
        assertThat(decode(EVENTS.get("deleted state"))).contains(new KernelEvent.Expire(SA, REQID, true));
        assertThat(decode(EVENTS.get("deleted policy"))).contains(new KernelEvent.Overrun());
        assertThat(decode(message(XfrmMessage.FLUSHSA.code(), out -> out.u8(50).zeros(3))))
                .contains(new KernelEvent.Overrun());
    }

    @Test
    void whatOthersHaveIsNotTold() throws DecodeException {
        assertThat(decode(acquire(OTHERS, Optional.of(3)))).isEmpty();
        assertThat(decode(expire(OTHERS, SA.spi().value()))).isEmpty();
        assertThat(decode(mapping(OTHERS))).isEmpty();
        assertThat(decode(deletedSa(OTHERS))).isEmpty();
        assertThat(decode(deletedPolicy(OTHERS))).isEmpty();
    }

    @Test
    void messagesThatWeDoNotKnowAreNotTold() throws DecodeException {
        assertThat(decode(message(200, out -> out.zeros(5)))).isEmpty();
        assertThat(decode(message(XfrmMessage.POLEXPIRE.code(), out -> out.zeros(5))))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyTruncationIsReadOrRefused(String name) {
        ByteBuffer whole = EVENTS.get(name);
        int refused = 0;
        for (int size = 16; size < whole.limit(); size++) {
            ByteBuffer cut = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
            cut.put(whole.duplicate().limit(size)).flip();
            cut.putInt(0, size);
            try {
                decode(cut);
            } catch (DecodeException e) {
                assertThat(e.getMessage()).contains(" at octet ");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyFlippedBitIsReadOrRefused(String name) {
        Random random = new Random(name.hashCode());
        byte[] whole = new byte[EVENTS.get(name).limit()];
        EVENTS.get(name).duplicate().get(whole);
        for (int run = 0; run < 20_000; run++) {
            byte[] damaged = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                decode(ByteBuffer.wrap(damaged).order(ByteOrder.nativeOrder()));
            } catch (DecodeException e) {
                assertThat(e.offset()).isBetween(0, whole.length);
            }
        }
    }

    private static ByteBuffer acquire(int reqid, Optional<Integer> cpu) {
        RandomStructures random = new RandomStructures(1);
        UserAcquire acquire = new UserAcquire(
                random.id(), random.address(), XfrmSelector.of(TRIGGER), random.policy(), -1, -1, -1, 99);
        return message(XfrmMessage.ACQUIRE.code(), out -> {
            acquire.write(out);
            out.attribute(XfrmAttribute.TMPL.code(), value -> template(reqid).write(value));
            out.attribute(XfrmAttribute.PAD.code(), value -> {});
            cpu.ifPresent(number -> out.attribute(XfrmAttribute.SA_PCPU.code(), value -> value.u32(number)));
        });
    }

    private static UserTemplate template(int reqid) {
        return UserTemplate.esp(address("192.0.2.1"), address("198.51.100.2"), reqid, UserSaInfo.MODE_TUNNEL);
    }

    private static UserSaInfo state(int reqid, int spi) {
        return new UserSaInfo(
                XfrmSelector.any(0),
                new XfrmId(XfrmAddress.of(SA.destination()), spi, IpProtocol.ESP),
                XfrmAddress.ANY,
                LifetimeConfig.UNLIMITED,
                LifetimeCurrent.NONE,
                XfrmStats.NONE,
                0,
                reqid,
                AddressFamily.INET,
                1,
                0,
                0);
    }

    private static ByteBuffer expire(int reqid, int spi) {
        return message(XfrmMessage.EXPIRE.code(), new UserExpire(state(reqid, spi), false)::write);
    }

    private static ByteBuffer mapping(int reqid) {
        return message(
                XfrmMessage.MAPPING.code(),
                new UserMapping(
                        UserSaId.of(SA),
                        reqid,
                        XfrmAddress.of(address("198.51.100.2")),
                        XfrmAddress.of(address("198.51.100.3")),
                        4500,
                        61000)::write);
    }

    private static ByteBuffer deletedSa(int reqid) {
        return message(XfrmMessage.DELSA.code(), out -> {
            UserSaId.of(SA).write(out);
            out.attribute(
                    XfrmAttribute.SA.code(),
                    value -> state(reqid, SA.spi().value()).write(value));
        });
    }

    private static ByteBuffer deletedPolicy(int reqid) {
        RandomStructures random = new RandomStructures(2);
        return message(XfrmMessage.DELPOLICY.code(), out -> {
            random.policyId().write(out);
            out.attribute(XfrmAttribute.POLICY.code(), value -> random.policy().write(value));
            out.attribute(XfrmAttribute.TMPL.code(), value -> template(reqid).write(value));
        });
    }

    private static ByteBuffer message(int type, Consumer<NetlinkWriter> body) {
        ByteBuffer octets = ByteBuffer.allocate(2048).order(ByteOrder.nativeOrder());
        NetlinkWriter.message(octets, type, 0, 0, 0, body);
        return octets.flip();
    }

    private static Optional<KernelEvent> decode(ByteBuffer octets) throws DecodeException {
        Optional<NetlinkMessage> message = new NetlinkMessage.Datagram(octets.duplicate()).next();
        return message.isEmpty() ? Optional.empty() : EventDecoder.decode(message.get());
    }
}
