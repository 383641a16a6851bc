package org.ikev2d.xfrm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ikev2d.xfrm.codec.Samples.address;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes and offsets as a C compiler gives them for linux/xfrm.h on x86-64 (offsetof). */
class StructuresTest {
    private interface Reading<T> {
        T from(NetlinkReader in) throws DecodeException;
    }

    private record Structure<T>(
            String name,
            int size,
            Function<RandomStructures, T> any,
            BiConsumer<T, NetlinkWriter> writing,
            Reading<T> reading) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> structures() {
        return Stream.of(
                        new Structure<>("xfrm_id", 24, RandomStructures::id, XfrmId::write, XfrmId::read),
                        new Structure<>(
                                "xfrm_selector",
                                56,
                                RandomStructures::selector,
                                XfrmSelector::write,
                                XfrmSelector::read),
                        new Structure<>(
                                "xfrm_lifetime_cfg",
                                64,
                                RandomStructures::lifetime,
                                LifetimeConfig::write,
                                LifetimeConfig::read),
                        new Structure<>(
                                "xfrm_lifetime_cur",
                                32,
                                RandomStructures::current,
                                LifetimeCurrent::write,
                                LifetimeCurrent::read),
                        new Structure<>(
                                "xfrm_usersa_info", 224, RandomStructures::sa, UserSaInfo::write, UserSaInfo::read),
                        new Structure<>("xfrm_usersa_id", 24, RandomStructures::saId, UserSaId::write, UserSaId::read),
                        new Structure<>(
                                "xfrm_userspi_info", 232, RandomStructures::spi, UserSpiInfo::write, UserSpiInfo::read),
                        new Structure<>(
                                "xfrm_userpolicy_info",
                                168,
                                RandomStructures::policy,
                                UserPolicyInfo::write,
                                UserPolicyInfo::read),
                        new Structure<>(
                                "xfrm_userpolicy_id",
                                64,
                                RandomStructures::policyId,
                                UserPolicyId::write,
                                UserPolicyId::read),
                        new Structure<>(
                                "xfrm_user_tmpl",
                                64,
                                RandomStructures::template,
                                UserTemplate::write,
                                UserTemplate::read),
                        new Structure<>(
                                "xfrm_user_acquire",
                                280,
                                RandomStructures::acquire,
                                UserAcquire::write,
                                UserAcquire::read),
                        new Structure<>(
                                "xfrm_user_expire", 232, RandomStructures::expire, UserExpire::write, UserExpire::read),
                        new Structure<>(
                                "xfrm_user_mapping",
                                64,
                                RandomStructures::mapping,
                                UserMapping::write,
                                UserMapping::read))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("structures")
    <T> void whatIsWrittenIsReadAndHasTheKernelsSize(Structure<T> structure) throws DecodeException {
        for (long seed = 0; seed < 200; seed++) {
            T any = structure.any().apply(new RandomStructures(seed));
            Bytes octets = Samples.written(out -> structure.writing().accept(any, out));
            assertThat(octets.size()).isEqualTo(structure.size());
            NetlinkReader in = NetlinkReader.of(ByteBuffer.wrap(octets.toArray()), structure.name());
            assertThat(structure.reading().from(in)).as("seed %d", seed).isEqualTo(any);
            assertThat(in.remaining()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("structures")
    <T> void everyTruncationIsRefused(Structure<T> structure) {
        byte[] octets = Samples.written(
                        out -> structure.writing().accept(structure.any().apply(new RandomStructures(1)), out))
                .toArray();
        for (int size = 0; size < octets.length; size++) {
            NetlinkReader in = NetlinkReader.of(ByteBuffer.wrap(octets, 0, size), structure.name());
            assertThatThrownBy(() -> structure.reading().from(in))
                    .isInstanceOf(DecodeException.class)
                    .hasMessageContaining("TRUNCATED");
        }
    }

    @Test
    void offsetsOfUserSaInfo() {
        UserSaInfo info = new RandomStructures(7).sa();
        ByteBuffer octets = octets(info::write);
        assertThat(octets.getInt(72))
                .as("id.spi")
                .isEqualTo(Integer.reverseBytes(info.id().spi()));
        assertThat(octets.get(76) & 0xff).as("id.proto").isEqualTo(info.id().proto());
        assertThat(slice(octets, 80, 16)).as("saddr").isEqualTo(info.saddr().octets());
        assertThat(octets.getLong(96)).as("lft").isEqualTo(info.lft().softBytes());
        assertThat(octets.getLong(160)).as("curlft").isEqualTo(info.curlft().bytes());
        assertThat(octets.getInt(192)).as("stats").isEqualTo(info.stats().replayWindow());
        assertThat(octets.getInt(204)).as("seq").isEqualTo(info.seq());
        assertThat(octets.getInt(208)).as("reqid").isEqualTo(info.reqid());
        assertThat(octets.getShort(212) & 0xffff).as("family").isEqualTo(info.family());
        assertThat(octets.get(214) & 0xff).as("mode").isEqualTo(info.mode());
        assertThat(octets.get(215) & 0xff).as("replay_window").isEqualTo(info.replayWindow());
        assertThat(octets.get(216) & 0xff).as("flags").isEqualTo(info.flags());
    }

    @Test
    void offsetsOfSelectorAndPolicy() {
        UserPolicyInfo info = new RandomStructures(8).policy();
        ByteBuffer octets = octets(info::write);
        XfrmSelector sel = info.sel();
        assertThat(slice(octets, 0, 16)).as("daddr").isEqualTo(sel.daddr().octets());
        assertThat(slice(octets, 16, 16)).as("saddr").isEqualTo(sel.saddr().octets());
        assertThat(Short.reverseBytes(octets.getShort(32)) & 0xffff).as("dport").isEqualTo(sel.dport());
        assertThat(Short.reverseBytes(octets.getShort(38)) & 0xffff)
                .as("sport_mask")
                .isEqualTo(sel.sportMask());
        assertThat(octets.getShort(40) & 0xffff).as("family").isEqualTo(sel.family());
        assertThat(octets.get(42) & 0xff).as("prefixlen_d").isEqualTo(sel.prefixlenD());
        assertThat(octets.get(43) & 0xff).as("prefixlen_s").isEqualTo(sel.prefixlenS());
        assertThat(octets.get(44) & 0xff).as("proto").isEqualTo(sel.proto());
        assertThat(octets.getInt(48)).as("ifindex").isEqualTo(sel.ifindex());
        assertThat(octets.getInt(52)).as("user").isEqualTo(sel.user());
        assertThat(octets.getInt(152)).as("priority").isEqualTo(info.priority());
        assertThat(octets.getInt(156)).as("index").isEqualTo(info.index());
        assertThat(octets.get(160) & 0xff).as("dir").isEqualTo(info.dir());
        assertThat(octets.get(161) & 0xff).as("action").isEqualTo(info.action());
        assertThat(octets.get(162) & 0xff).as("flags").isEqualTo(info.flags());
        assertThat(octets.get(163) & 0xff).as("share").isEqualTo(info.share());
    }

    @Test
    void offsetsOfTemplateMappingAndAcquire() {
        UserTemplate template = new RandomStructures(9).template();
        ByteBuffer octets = octets(template::write);
        assertThat(octets.getShort(24) & 0xffff).as("family").isEqualTo(template.family());
        assertThat(slice(octets, 28, 16)).as("saddr").isEqualTo(template.saddr().octets());
        assertThat(octets.getInt(44)).as("reqid").isEqualTo(template.reqid());
        assertThat(octets.get(48) & 0xff).as("mode").isEqualTo(template.mode());
        assertThat(octets.getInt(52)).as("aalgos").isEqualTo(template.aalgos());

        UserMapping mapping = new RandomStructures(10).mapping();
        octets = octets(mapping::write);
        assertThat(octets.getInt(24)).as("reqid").isEqualTo(mapping.reqid());
        assertThat(slice(octets, 28, 16))
                .as("old_saddr")
                .isEqualTo(mapping.oldSaddr().octets());
        assertThat(slice(octets, 44, 16))
                .as("new_saddr")
                .isEqualTo(mapping.newSaddr().octets());
        assertThat(Short.reverseBytes(octets.getShort(62)) & 0xffff)
                .as("new_sport")
                .isEqualTo(mapping.newSport());

        UserAcquire acquire = new RandomStructures(11).acquire();
        octets = octets(acquire::write);
        assertThat(slice(octets, 40, 16))
                .as("sel")
                .isEqualTo(acquire.sel().daddr().octets());
        assertThat(octets.getInt(252))
                .as("policy.index")
                .isEqualTo(acquire.policy().index());
        assertThat(octets.getInt(276)).as("seq").isEqualTo(acquire.seq());
    }

    @Test
    void selectorsOfBothFamiliesComeBack() throws DecodeException {
        PacketSelector four = new PacketSelector(address("10.1.0.0"), 16, address("10.2.0.0"), 15, 6, 80, 0xfff0, 0, 0);
        PacketSelector six = new PacketSelector(address("2001:db8::"), 32, address("::"), 0, 0, 0, 0, 0, 0);
        assertThat(XfrmSelector.of(four).toPacketSelector()).isEqualTo(four);
        assertThat(XfrmSelector.of(six).toPacketSelector()).isEqualTo(six);
    }

    @Test
    void aFamilyThatIsNeitherIsRefused() {
        assertThatThrownBy(() -> XfrmAddress.ANY.as(0))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("AF_INET");
    }

    private static ByteBuffer octets(Consumer<NetlinkWriter> writing) {
        return ByteBuffer.wrap(Samples.written(writing).toArray()).order(ByteOrder.nativeOrder());
    }

    private static Bytes slice(ByteBuffer octets, int from, int size) {
        byte[] part = new byte[size];
        octets.get(from, part);
        return Bytes.of(part);
    }
}
