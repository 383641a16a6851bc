package org.ikev2d.xfrm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.xfrm.codec.Samples.address;
import static org.ikev2d.xfrm.codec.Samples.between;
import static org.ikev2d.xfrm.codec.Samples.cbc;
import static org.ikev2d.xfrm.codec.Samples.chacha;
import static org.ikev2d.xfrm.codec.Samples.gcm;
import static org.ikev2d.xfrm.codec.Samples.keysFor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.netlink.NetlinkWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded request of {@code ip xfrm}, and ours for the same. */
class SameOctetsAsIproute2Test {
    private static final ReqId TUNNEL = ReqId.ofTunnel(0);
    private static final ReqId TUNNEL6 = ReqId.ofTunnel(1);
    private static final SaId OUT = new SaId(address("198.51.100.2"), new EspSpi(0xc0000001));
    private static final SaId IN = new SaId(address("192.0.2.1"), new EspSpi(0xc0000002));
    private static final SaId OUT6 = new SaId(address("2001:db8:1::2"), new EspSpi(0xc0000003));
    private static final Placement PLACED =
            new Placement(9, Optional.of(new Placement.Mark(5, 0xff)), Optional.of(new Placement.Offload(1, false)));
    private static final PacketSelector THERE = between("10.1.0.0/16", "10.2.0.0/16");

    private static final Map<String, Consumer<NetlinkWriter>> OURS = new HashMap<>();

    static {
        EspSuite gcm = gcm(128, false);
        OURS.put("sa-out-gcm-cpu", out -> {
            try (EspKeys keys = keysFor(gcm)) {
                SaSpec sa = new SaSpec(
                        Direction.OUT,
                        address("192.0.2.1"),
                        OUT,
                        TUNNEL,
                        Optional.of(new CpuId(1)),
                        gcm,
                        keys,
                        Optional.empty(),
                        0,
                        0);
                SaRequests.install(out, sa, true, Placement.NONE);
            }
        });
        OURS.put("sa-out-gcm256-esn", out -> install(out, outbound(gcm(256, true)), true, Placement.NONE));
        OURS.put("sa-out-gcm-esn-nodir", out -> install(out, outbound(gcm(128, true)), false, Placement.NONE));
        OURS.put("sa-out-gcm-transport-nodir", out -> {
            try (EspKeys keys = keysFor(gcm)) {
                SaSpec sa = new SaSpec(
                        Direction.OUT,
                        address("192.0.2.1"),
                        OUT,
                        TUNNEL,
                        Optional.empty(),
                        EspMode.TRANSPORT,
                        gcm,
                        keys,
                        Optional.empty(),
                        0,
                        0,
                        SaLimits.UNLIMITED);
                SaRequests.install(out, sa, false, Placement.NONE);
            }
        });
        OURS.put("sa-out-placed", out -> install(out, outbound(gcm), true, PLACED));
        OURS.put("sa-in-gcm-update", out -> install(out, inbound(gcm, 32), true, Placement.NONE));
        OURS.put("sa-in-gcm-large-window", out -> install(out, inbound(gcm, 64), true, Placement.NONE));
        OURS.put("sa-in-chacha-esn", out -> install(out, inbound(chacha(true), 256), true, Placement.NONE));
        OURS.put("sa-in-cbc-sha256-encap", out -> {
            EspSuite suite = cbc(128, Integrity.HMAC_SHA2_256_128);
            install(out, inbound(suite, 32, Optional.of(new Encapsulation(4500, 32768))), true, Placement.NONE);
        });
        OURS.put("sa-out-cbc-sha384", out -> {
            install(out, outbound(cbc(256, Integrity.HMAC_SHA2_384_192)), true, Placement.NONE);
        });
        OURS.put("sa6-out-cbc-sha512", out -> {
            EspSuite suite = cbc(256, Integrity.HMAC_SHA2_512_256);
            SaSpec sa = new SaSpec(
                    Direction.OUT,
                    address("2001:db8::1"),
                    OUT6,
                    TUNNEL6,
                    Optional.empty(),
                    suite,
                    keysFor(suite),
                    Optional.empty(),
                    0,
                    0);
            install(out, sa, true, Placement.NONE);
        });
        OURS.put("sa-allocspi", out -> {
            SaRequests.allocateSpi(
                    out, address("198.51.100.2"), address("192.0.2.1"), TUNNEL, 0xc0000000, 0xffffffff, Placement.NONE);
        });
        OURS.put("sa-allocspi6-cpu", out -> {
            SaRequests.allocateSpi(
                    out,
                    address("2001:db8:1::2"),
                    address("2001:db8::1"),
                    TUNNEL6,
                    0xc0000000,
                    0xffffffff,
                    Placement.NONE);
            SaRequests.cpu(out, 3);
        });
        Optional<IpAddress> source = Optional.of(address("192.0.2.1"));
        OURS.put("sa-get", out -> SaRequests.name(out, OUT, source, Placement.NONE));
        OURS.put("sa-delete", out -> SaRequests.name(out, OUT, source, Placement.NONE));
        OURS.put("sa6-delete", out -> {
            SaRequests.name(out, OUT6, Optional.of(address("2001:db8::1")), Placement.NONE);
        });
        OURS.put("policy-out-cpu", out -> set(out, there(THERE, 1000, true), Placement.NONE));
        OURS.put("policy-out-transport", out -> {
            PolicyId ends = new PolicyId(Direction.OUT, between("192.0.2.1/32", "198.51.100.2/32"));
            set(
                    out,
                    new PolicySpec(
                            ends,
                            TUNNEL,
                            address("192.0.2.1"),
                            address("198.51.100.2"),
                            1000,
                            false,
                            PolicySpec.Action.TRANSPORT),
                    Placement.NONE);
        });
        OURS.put("policy-in", out -> set(out, back(Direction.IN), Placement.NONE));
        OURS.put("policy-fwd", out -> set(out, back(Direction.FORWARD), Placement.NONE));
        OURS.put("policy-udp-port", out -> {
            PacketSelector dns = new PacketSelector(THERE.source(), 16, THERE.destination(), 16, 17, 53, 0xffff, 0, 0);
            set(out, there(dns, 500, false), Placement.NONE);
        });
        OURS.put("policy6-over-ipv4", out -> {
            set(out, there(between("2001:db8:a::/48", "2001:db8:b::/48"), 1000, false), Placement.NONE);
        });
        OURS.put("policy-placed", out -> set(out, there(THERE, 1000, false), PLACED));
        OURS.put("policy-get", out -> {
            PolicyRequests.name(out, new PolicyId(Direction.OUT, THERE), Placement.NONE);
        });
        OURS.put("policy-delete", OURS.get("policy-get"));
    }

    static Stream<String> requests() {
        return RecordedRequest.names().stream().filter(name -> name.startsWith("sa") || name.startsWith("policy"));
    }

    @Holds({"7296-2.24-a", "7296-2.24-b"})
    @ParameterizedTest
    @MethodSource("requests")
    void sameOctets(String name) {
        RecordedRequest recorded = RecordedRequest.read(name);
        assertThat(OURS).containsKey(name);
        assertThat(Samples.written(OURS.get(name)).toHex())
                .as(recorded.command())
                .isEqualTo(recorded.octets().toHex());
    }

    @Test
    void everyCaseIsRecorded() {
        assertThat(requests()).containsExactlyInAnyOrderElementsOf(OURS.keySet());
    }

    private static SaSpec outbound(EspSuite suite) {
        return new SaSpec(
                Direction.OUT,
                address("192.0.2.1"),
                OUT,
                TUNNEL,
                Optional.empty(),
                suite,
                keysFor(suite),
                Optional.empty(),
                0,
                0);
    }

    private static SaSpec inbound(EspSuite suite, int window) {
        return inbound(suite, window, Optional.empty());
    }

    private static SaSpec inbound(EspSuite suite, int window, Optional<Encapsulation> ports) {
        return new SaSpec(
                Direction.IN,
                address("198.51.100.2"),
                IN,
                TUNNEL,
                Optional.empty(),
                suite,
                keysFor(suite),
                ports,
                window,
                0);
    }

    private static PolicySpec there(PacketSelector selector, int priority, boolean cpuAcquire) {
        return new PolicySpec(
                new PolicyId(Direction.OUT, selector),
                TUNNEL,
                address("192.0.2.1"),
                address("198.51.100.2"),
                priority,
                cpuAcquire);
    }

    private static PolicySpec back(Direction direction) {
        return new PolicySpec(
                new PolicyId(direction, THERE.reversed()),
                TUNNEL,
                address("198.51.100.2"),
                address("192.0.2.1"),
                1000,
                false);
    }

    private static void install(NetlinkWriter out, SaSpec sa, boolean withDirection, Placement placement) {
        try (EspKeys keys = sa.keys()) {
            assertThat(keys.encryption().isClosed()).isFalse();
            SaRequests.install(out, sa, withDirection, placement);
        }
    }

    private static void set(NetlinkWriter out, PolicySpec policy, Placement placement) {
        PolicyRequests.set(out, policy, placement);
    }
}
