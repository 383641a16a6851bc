package org.ikev2d.xfrm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.xfrm.codec.Samples.address;
import static org.ikev2d.xfrm.codec.Samples.between;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;
import org.junit.jupiter.api.Test;

/** What the kernel shows of states and policies. */
class InstalledStateTest {
    private static final ReqId REQID = ReqId.ofTunnel(3);
    private static final SaId ID = new SaId(address("2001:db8::2"), new EspSpi(0xc0000009));

    @Test
    void aWholeState() throws DecodeException {
        SaState state = state(out -> {
            info(REQID.value(), ID.spi().value(), new LifetimeCurrent(1000, 10, 5, 6))
                    .write(out);
            out.attribute(
                    XfrmAttribute.ALG_AEAD.code(),
                    value -> value.text("rfc4106(gcm(aes))", 64).zeros(28));
            out.attribute(XfrmAttribute.REPLAY_ESN_VAL.code(), value -> value.zeros(24));
            out.attribute(XfrmAttribute.PAD.code(), value -> {});
            out.attribute(XfrmAttribute.LASTUSED.code(), value -> value.u64(1_700_000_000L));
            out.attribute(XfrmAttribute.SA_DIR.code(), value -> value.u8(2));
            out.attribute(XfrmAttribute.SA_PCPU.code(), value -> value.u32(3));
            out.attribute(999, value -> value.u32(3));
        });
        assertThat(state.isOurs()).isTrue();
        assertThat(state.toInstalledSa())
                .contains(new InstalledSa(
                        ID,
                        address("2001:db8::1"),
                        REQID,
                        Optional.of(Direction.OUT),
                        Optional.of(new CpuId(3)),
                        false));
        assertThat(state.usage()).isEqualTo(new SaUsage(1000, 10, 1_700_000_000L));
    }

    /** What asks for a state has the same layout as what shows it. */
    @Test
    void udpPortsArePartOfIt() throws DecodeException {
        for (String name : List.of("sa-in-cbc-sha256-encap", "sa-in-gcm-update")) {
            ByteBuffer octets =
                    ByteBuffer.wrap(RecordedRequest.read(name).octets().toArray());
            assertThat(SaState.read(NetlinkReader.of(octets, name)).encapsulation())
                    .isEqualTo(name.endsWith("encap") ? Optional.of(new Encapsulation(4500, 32768)) : Optional.empty());
        }
    }

    @Test
    void withoutAlgorithmsItIsLarvalAndWithoutSpiItIsNone() throws DecodeException {
        SaState reserved = state(info(REQID.value(), ID.spi().value(), LifetimeCurrent.NONE)::write);
        assertThat(reserved.toInstalledSa())
                .get()
                .extracting(InstalledSa::larval)
                .isEqualTo(true);
        assertThat(reserved.usage()).isEqualTo(SaUsage.NONE);
        assertThat(state(info(REQID.value(), 0, LifetimeCurrent.NONE)::write).toInstalledSa())
                .isEmpty();
    }

    @Test
    void whereTheLastUseIsNotToldTheFirstStandsForIt() throws DecodeException {
        SaState state = state(info(REQID.value(), 0x100, new LifetimeCurrent(1, 1, 5, 6))::write);
        assertThat(state.usage().lastUse()).isEqualTo(6);
    }

    @Test
    void otherProtocolsAndReqidsAreNotOurs() throws DecodeException {
        assertThat(state(info(77, 0x100, LifetimeCurrent.NONE)::write).isOurs()).isFalse();
        UserSaInfo ours = info(REQID.value(), 0x100, LifetimeCurrent.NONE);
        UserSaInfo authentication = new UserSaInfo(
                ours.sel(),
                new XfrmId(ours.id().daddr(), 0x100, 51),
                ours.saddr(),
                ours.lft(),
                ours.curlft(),
                ours.stats(),
                0,
                ours.reqid(),
                ours.family(),
                1,
                0,
                0);
        assertThat(state(authentication::write).isOurs()).isFalse();
    }

    @Test
    void aPolicyIsPutBackAsItCameSaveTheFlag() throws DecodeException {
        PolicySpec spec = new PolicySpec(
                new PolicyId(Direction.OUT, between("10.1.0.0/16", "10.2.0.0/16")),
                REQID,
                address("192.0.2.1"),
                address("198.51.100.2"),
                1000,
                true);
        Bytes shown = Samples.written(out -> {
            PolicyRequests.set(out, spec, Placement.NONE);
            out.attribute(8, value -> value.zeros(9));
        });
        PolicyState state = PolicyState.read(reader(shown));
        assertThat(state.toPolicySpec()).contains(spec);
        assertThat(state.reqId()).contains(REQID);
        assertThat(Samples.written(state::write)).isEqualTo(shown);

        byte[] cleared = shown.toArray();
        cleared[162] = 0;
        assertThat(Samples.written(state.withoutCpuAcquire()::write)).isEqualTo(Bytes.of(cleared));
    }

    @Test
    void policiesOfOthersOfSocketsAndWithoutTemplatesAreNotOurs() throws DecodeException {
        UserPolicyInfo info = new RandomStructures(5).policy();
        assertThat(PolicyState.read(reader(Samples.written(info::write))).toPolicySpec())
                .isEmpty();

        UserPolicyInfo socket = new UserPolicyInfo(XfrmSelector.any(2), info.lft(), info.curlft(), 0, 0, 3, 0, 0, 0);
        Bytes withTemplate = Samples.written(out -> {
            socket.write(out);
            UserTemplate template = UserTemplate.esp(
                    address("192.0.2.1"), address("198.51.100.2"), REQID.value(), UserSaInfo.MODE_TUNNEL);
            out.attribute(XfrmAttribute.TMPL.code(), template::write);
        });
        assertThat(PolicyState.read(reader(withTemplate)).toPolicySpec()).isEmpty();
    }

    @Test
    void damagedAnswersAreReadOrRefused() {
        Random random = new Random(42);
        Bytes state = Samples.written(out -> {
            info(REQID.value(), 0x100, LifetimeCurrent.NONE).write(out);
            out.attribute(XfrmAttribute.SA_PCPU.code(), value -> value.u32(3));
            out.attribute(XfrmAttribute.SA_DIR.code(), value -> value.u8(1));
        });
        List<Bytes> whole = List.of(state, Samples.written(out -> {
            new RandomStructures(5).policy().write(out);
            out.attribute(XfrmAttribute.TMPL.code(), new RandomStructures(6).template()::write);
        }));
        for (int run = 0; run < 40_000; run++) {
            byte[] damaged = whole.get(run % 2).toArray();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            NetlinkReader in =
                    NetlinkReader.of(ByteBuffer.wrap(damaged, 0, random.nextInt(damaged.length + 1)), "damaged");
            try {
                if (run % 2 == 0) {
                    SaState found = SaState.read(in);
                    if (found.isOurs()) {
                        assertThat(found.toInstalledSa()).isNotNull();
                    }
                } else {
                    assertThat(PolicyState.read(in).toPolicySpec()).isNotNull();
                }
            } catch (DecodeException e) {
                assertThat(e.getMessage()).contains(" at octet ");
            }
        }
    }

    private static UserSaInfo info(int reqid, int spi, LifetimeCurrent counters) {
        return new UserSaInfo(
                XfrmSelector.any(0),
                new XfrmId(XfrmAddress.of(ID.destination()), spi, IpProtocol.ESP),
                XfrmAddress.of(address("2001:db8::1")),
                LifetimeConfig.UNLIMITED,
                counters,
                XfrmStats.NONE,
                0,
                reqid,
                AddressFamily.INET6,
                1,
                0,
                0);
    }

    private static SaState state(Consumer<NetlinkWriter> writing) throws DecodeException {
        return SaState.read(reader(Samples.written(writing)));
    }

    private static NetlinkReader reader(Bytes octets) {
        return NetlinkReader.of(ByteBuffer.wrap(octets.toArray()), "test");
    }
}
