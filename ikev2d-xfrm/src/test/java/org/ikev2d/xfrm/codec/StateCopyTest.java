package org.ikev2d.xfrm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.xfrm.codec.Samples.address;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;
import org.junit.jupiter.api.Test;

/** What the kernel shows of a state, and what is asked for in its place. */
class StateCopyTest {
    private static final OuterHeader OTHER_PORT =
            new OuterHeader(address("192.0.2.1"), address("198.51.100.2"), Optional.of(new Encapsulation(4500, 40001)));
    private static final OuterHeader ELSEWHERE =
            new OuterHeader(address("192.0.2.1"), address("203.0.113.9"), Optional.of(new Encapsulation(4500, 40001)));
    private static final LifetimeCurrent COUNTERS = new LifetimeCurrent(1000, 10, 5, 6);

    private static UserSaInfo info(int flags) {
        return new UserSaInfo(
                XfrmSelector.any(0),
                new XfrmId(XfrmAddress.of(address("198.51.100.2")), 0xc0000009, IpProtocol.ESP),
                XfrmAddress.of(address("192.0.2.1")),
                LifetimeConfig.UNLIMITED,
                COUNTERS,
                new XfrmStats(1, 2, 3),
                7,
                ReqId.ofTunnel(3).value(),
                AddressFamily.INET,
                1,
                0,
                flags);
    }

    private static StateCopy copy(UserSaInfo info, int direction, Consumer<NetlinkWriter> replay)
            throws DecodeException {
        return copy(info, direction, 1, replay);
    }

    private static StateCopy copy(UserSaInfo info, int direction, int key, Consumer<NetlinkWriter> replay)
            throws DecodeException {
        Bytes shown = Samples.written(out -> {
            info.write(out);
            out.attribute(
                    XfrmAttribute.ALG_AEAD.code(),
                    value -> value.text("rfc4106(gcm(aes))", 64)
                            .u32(160)
                            .u32(128)
                            .u32(key)
                            .zeros(16));
            out.attribute(
                    XfrmAttribute.ENCAP.code(),
                    value -> EncapTemplate.of(new Encapsulation(4500, 4500)).write(value));
            replay.accept(out);
            out.attribute(XfrmAttribute.LASTUSED.code(), value -> value.u64(1_700_000_000L));
            out.attribute(XfrmAttribute.SA_DIR.code(), value -> value.u8(direction));
            out.attribute(999, value -> value.u32(3));
        });
        return StateCopy.read(reader(shown));
    }

    private static NetlinkReader reader(Bytes octets) {
        return NetlinkReader.of(ByteBuffer.wrap(octets.toArray()), "state");
    }

    private static Consumer<NetlinkWriter> plain(int oseq) {
        return out -> out.attribute(
                XfrmAttribute.REPLAY_VAL.code(), value -> value.u32(oseq).u32(0).u32(0));
    }

    private static Consumer<NetlinkWriter> extended(int oseq, int oseqHi) {
        return out -> out.attribute(
                XfrmAttribute.REPLAY_ESN_VAL.code(),
                value -> value.u32(0).u32(oseq).u32(0).u32(oseqHi).u32(0).u32(0));
    }

    private static Bytes attribute(Bytes request, int type) throws DecodeException {
        NetlinkReader in = reader(request);
        in.skip(UserSaInfo.SIZE, "usersa_info");
        AttributeCursor attributes = new AttributeCursor(in, XfrmAttribute.PAD.code());
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            if (next.get().type() == type) {
                return next.get().value().peekAll();
            }
        }
        throw new AssertionError("no attribute " + type + " in " + request);
    }

    @Test
    void otherPortsAreAChangeOfTheStateAndItsNumbersStay() throws DecodeException {
        try (StateCopy state = copy(info(0), 2, plain(41))) {
            assertThat(state.differsInPortsOnly(OTHER_PORT)).isTrue();
            Bytes request = Samples.written(out -> state.writeChange(out, OTHER_PORT));
            assertThat(SaState.read(reader(request)).encapsulation()).isEqualTo(OTHER_PORT.encapsulation());
            assertThat(attribute(request, XfrmAttribute.REPLAY_VAL.code()))
                    .isEqualTo(Samples.written(out -> out.u32(41).u32(0).u32(0)));
            assertThat(state.differsInPortsOnly(ELSEWHERE)).isFalse();
            assertThat(state.differsInPortsOnly(
                            new OuterHeader(OTHER_PORT.source(), OTHER_PORT.destination(), Optional.empty())))
                    .isFalse();
        }
    }

    @Test
    void successorHasKeysCountersAndAllElseAndGoesOnBehindTheLastNumber() throws DecodeException {
        try (StateCopy state = copy(info(0), 2, plain(41))) {
            Bytes request = Samples.written(out -> state.writeSuccessor(out, ELSEWHERE));
            SaState asked = SaState.read(reader(request));
            assertThat(asked.toInstalledSa().orElseThrow().id().destination()).isEqualTo(address("203.0.113.9"));
            assertThat(asked.encapsulation()).isEqualTo(ELSEWHERE.encapsulation());
            assertThat(asked.info().seq()).isEqualTo(7);
            assertThat(attribute(request, XfrmAttribute.ALG_AEAD.code()).toHex())
                    .contains("726663343130362867636d");
            assertThat(attribute(request, XfrmAttribute.REPLAY_VAL.code()))
                    .isEqualTo(Samples.written(
                            out -> out.u32((int) StateCopy.AHEAD + 41).u32(0).u32(0)));
            assertThat(attribute(request, XfrmAttribute.LTIME_VAL.code())).isEqualTo(Samples.written(COUNTERS::write));
            assertThat(attribute(request, 999)).isEqualTo(Samples.written(out -> out.u32(3)));
        }
    }

    @Test
    void extendedNumbersAreCarriedOver() throws DecodeException {
        try (StateCopy state = copy(info(UserSaInfo.FLAG_ESN), 2, extended(0xffff_fffe, 4))) {
            assertThat(state.isSpent()).isFalse();
            Bytes request = Samples.written(out -> state.writeSuccessor(out, ELSEWHERE));
            assertThat(attribute(request, XfrmAttribute.REPLAY_ESN_VAL.code()))
                    .isEqualTo(Samples.written(out -> out.u32(0)
                            .u32((int) StateCopy.AHEAD - 2)
                            .u32(0)
                            .u32(5)
                            .u32(0)
                            .u32(0)));
        }
    }

    @Test
    void withoutThemItIsSpentBeforeNumbersRepeat() throws DecodeException {
        try (StateCopy fresh = copy(info(0), 2, plain(0x7fff_ffff));
                StateCopy spent = copy(info(0), 2, plain(0xffff_0001));
                StateCopy inbound = copy(info(0), 1, plain(0xffff_0001))) {
            assertThat(fresh.isSpent()).isFalse();
            assertThat(spent.isSpent()).isTrue();
            assertThat(inbound.isSpent()).isFalse();
        }
    }

    /** The kernel wants an inbound state to have sent nothing; its window comes as it is. */
    @Test
    void inboundSuccessorHasTheWindowAsItWas() throws DecodeException {
        Consumer<NetlinkWriter> window = out -> out.attribute(
                XfrmAttribute.REPLAY_ESN_VAL.code(),
                value -> value.u32(1).u32(0).u32(77).u32(0).u32(0).u32(32).u32(0xf0f0_0000));
        try (StateCopy state = copy(info(0), 1, window)) {
            Bytes request = Samples.written(out -> state.writeSuccessor(out, ELSEWHERE));
            assertThat(attribute(request, XfrmAttribute.REPLAY_ESN_VAL.code()))
                    .isEqualTo(Samples.written(out ->
                            out.u32(1).u32(0).u32(77).u32(0).u32(0).u32(32).u32(0xf0f0_0000)));
        }
    }

    @Test
    void keysThatAreNotShownAreNoKeys() throws DecodeException {
        try (StateCopy shown = copy(info(0), 2, 1, plain(0));
                StateCopy hidden = copy(info(0), 2, 0, plain(0))) {
            assertThat(shown.isRedacted()).isFalse();
            assertThat(hidden.isRedacted()).isTrue();
        }
    }
}
