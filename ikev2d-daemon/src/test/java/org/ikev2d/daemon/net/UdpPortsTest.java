package org.ikev2d.daemon.net;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.daemon.observe.Counter;
import org.ikev2d.daemon.observe.Counters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class UdpPortsTest {
    private static final Bytes MESSAGE = Bytes.hex("0011223344556677");
    private static final Bytes MARKER = Bytes.hex("00000000");

    private final Counters counters = new Counters();
    private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Input.Datagram> received = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    private static Stream<IpAddress> loopbacks() {
        return Stream.of(Peer.IPV4, Peer.IPV6);
    }

    private static PortPlan plan(IpAddress... addresses) {
        return PortPlan.ofIke(List.of(addresses), 0, 0);
    }

    private UdpPorts bind(PortPlan plan) throws PortUnavailableException {
        UdpPorts ports = UdpPorts.bind(plan, counters, told::add);
        open.add(ports);
        return ports;
    }

    private UdpPorts receiving(IpAddress address) throws PortUnavailableException {
        UdpPorts ports = bind(plan(address));
        ports.receive(received::add);
        return ports;
    }

    private Peer peer(IpAddress address) throws IOException {
        Peer peer = new Peer(address);
        open.add(peer);
        return peer;
    }

    private Input.Datagram next() throws InterruptedException {
        Input.Datagram datagram = received.poll(30, SECONDS);
        assertThat(datagram).as("a datagram for the engine").isNotNull();
        return datagram;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @ParameterizedTest
    @MethodSource("loopbacks")
    void aMessageOnTheIkePortComesWholeWithBothEndpoints(IpAddress address) throws Exception {
        UdpPorts ports = receiving(address);
        Endpoint ike = ports.endpoints().get(0);
        Peer peer = peer(address);
        peer.send(ike, MESSAGE);
        assertThat(next()).isEqualTo(new Input.Datagram(ike, peer.endpoint(), MESSAGE, false));
        assertThat(ike.address()).isEqualTo(address);
    }

    @Test
    void anAddressThatComesLaterIsBoundAndReadAsTheOthersAre() throws Exception {
        UdpPorts ports = receiving(Peer.IPV4);
        List<Endpoint> before = ports.endpoints();
        ports.extend(List.of(Peer.IPV4, Peer.IPV6));
        assertThat(ports.endpoints()).hasSize(4).startsWith(before.toArray(new Endpoint[0]));
        Endpoint ike = ports.endpoints().get(2);
        Peer peer = peer(Peer.IPV6);
        peer.send(ike, MESSAGE);
        assertThat(next()).isEqualTo(new Input.Datagram(ike, peer.endpoint(), MESSAGE, false));
    }

    @Test
    void fourZeroOctetsOnTheIkePortAreNoMarker() throws Exception {
        UdpPorts ports = receiving(Peer.IPV4);
        peer(Peer.IPV4).send(ports.endpoints().get(0), Bytes.concat(MARKER, MESSAGE));
        assertThat(next().octets()).isEqualTo(Bytes.concat(MARKER, MESSAGE));
    }

    @ParameterizedTest
    @MethodSource("loopbacks")
    void theMarkerOnTheNatPortIsTakenOffOnce(IpAddress address) throws Exception {
        UdpPorts ports = receiving(address);
        Endpoint nat = ports.endpoints().get(1);
        Peer peer = peer(address);
        peer.send(nat, Bytes.concat(MARKER, MARKER, MESSAGE));
        assertThat(next()).isEqualTo(new Input.Datagram(nat, peer.endpoint(), Bytes.concat(MARKER, MESSAGE), true));
    }

    @Test
    void whatIsNoMessageIsCountedByItsKindAndGoesNoFurther() throws Exception {
        UdpPorts ports = receiving(Peer.IPV4);
        Endpoint nat = ports.endpoints().get(1);
        Peer peer = peer(Peer.IPV4);
        peer.send(nat, Bytes.hex("ff"));
        peer.send(nat, Bytes.hex("c0000001000000010000"));
        peer.send(nat, Bytes.empty());
        peer.send(nat, MARKER);
        peer.send(nat, Bytes.hex("fe"));
        peer.send(nat, Bytes.hex("000000"));
        peer.send(nat, Bytes.concat(MARKER, MESSAGE));
        assertThat(next().octets()).isEqualTo(MESSAGE);
        peer.send(ports.endpoints().get(0), Bytes.empty());
        peer.send(ports.endpoints().get(0), MESSAGE);
        assertThat(next().octets()).isEqualTo(MESSAGE);
        assertThat(counters.total(Counter.KEEPALIVES_IN)).isEqualTo(1);
        assertThat(counters.total(Counter.DROPPED_ESP)).isEqualTo(1);
        assertThat(counters.total(Counter.DROPPED_EMPTY)).isEqualTo(2);
        assertThat(counters.total(Counter.DROPPED_RUNT)).isEqualTo(3);
        assertThat(told).isEmpty();
    }

    @Holds({"7296-2-a", "7296-2-b"})
    @ParameterizedTest
    @MethodSource("loopbacks")
    void largeDatagramsAreNotCutOff(IpAddress address) throws Exception {
        UdpPorts ports = receiving(address);
        Peer peer = peer(address);
        for (int size : new int[] {2048, 2049, 4000, 65_507}) {
            byte[] octets = new byte[size];
            octets[size - 1] = 7;
            peer.send(ports.endpoints().get(0), Bytes.wrap(octets));
            assertThat(next().octets()).isEqualTo(Bytes.of(octets));
            ports.send(new Output.Send(ports.endpoints().get(0), peer.endpoint(), Bytes.of(octets), false));
            assertThat(peer.receive().octets()).isEqualTo(Bytes.of(octets));
        }
    }

    @ParameterizedTest
    @MethodSource("loopbacks")
    void messagesAndKeepalivesLeaveFromTheirEndpointInOrder(IpAddress address) throws Exception {
        UdpPorts ports = bind(plan(address));
        Endpoint ike = ports.endpoints().get(0);
        Endpoint nat = ports.endpoints().get(1);
        Peer peer = peer(address);
        ports.send(new Output.Send(ike, peer.endpoint(), MESSAGE, false));
        assertThat(peer.receive()).isEqualTo(new Peer.Received(ike, MESSAGE));
        ports.send(new Output.Send(nat, peer.endpoint(), MESSAGE, true));
        ports.send(new Output.Keepalive(nat, peer.endpoint()));
        assertThat(peer.receive()).isEqualTo(new Peer.Received(nat, Bytes.concat(MARKER, MESSAGE)));
        assertThat(peer.receive()).isEqualTo(new Peer.Received(nat, Bytes.hex("ff")));
        ports.close();
        assertThat(counters.total(Counter.DATAGRAMS_OUT)).isEqualTo(2);
        assertThat(counters.total(Counter.KEEPALIVES_OUT)).isEqualTo(1);
    }

    @Test
    void eachLocalAddressSendsWithItself() throws Exception {
        IpAddress second = IpAddress.of(new byte[] {127, 0, 0, 2});
        UdpPorts ports = bind(plan(Peer.IPV4, second, Peer.IPV6, second));
        assertThat(ports.endpoints())
                .extracting(Endpoint::address)
                .containsExactly(Peer.IPV4, Peer.IPV4, second, second, Peer.IPV6, Peer.IPV6);
        Peer peer = peer(Peer.IPV4);
        Endpoint from = ports.endpoints().get(2);
        ports.send(new Output.Send(from, peer.endpoint(), MESSAGE, false));
        assertThat(peer.receive().from()).isEqualTo(from);
    }

    @Test
    void aRefusalToSendIsToldAndTheNextMessageGoesOut() throws Exception {
        UdpPorts ports = receiving(Peer.IPV4);
        Endpoint ike = ports.endpoints().get(0);
        Peer peer = peer(Peer.IPV4);
        ports.send(new Output.Send(ike, peer.endpoint(), Bytes.wrap(new byte[65_508]), false));
        ports.send(new Output.Send(ike, new Endpoint(IpAddress.of(new byte[] {-1, -1, -1, -1}), 500), MESSAGE, false));
        ports.send(new Output.Send(ike.withPort(1), peer.endpoint(), MESSAGE, false));
        ports.send(new Output.Send(ike, peer.endpoint(), MESSAGE, false));
        assertThat(peer.receive().octets()).isEqualTo(MESSAGE);
        peer.send(ike, MESSAGE);
        assertThat(next().octets()).isEqualTo(MESSAGE);
        assertThat(told)
                .extracting(Event::code)
                .containsExactlyInAnyOrder("send-message-too-long", "send-not-permitted", "send-no-port");
        assertThat(told).allMatch(event -> event.level() == Event.Level.WARN);
        assertThat(told).anyMatch(event -> event.text().contains(ike + " to " + peer.endpoint()));
        assertThat(counters.total(Counter.SEND_ERRORS)).isEqualTo(3);
    }

    @Test
    void whatTheEngineHasNoRoomForIsDroppedAndTold() throws Exception {
        UdpPorts ports = bind(plan(Peer.IPV4));
        ports.receive(datagram -> datagram.octets().size() > 1 && received.add(datagram));
        Peer peer = peer(Peer.IPV4);
        peer.send(ports.endpoints().get(0), Bytes.hex("01"));
        peer.send(ports.endpoints().get(0), MESSAGE);
        assertThat(next().octets()).isEqualTo(MESSAGE);
        assertThat(counters.total(Counter.DROPPED_BUSY)).isEqualTo(1);
        assertThat(told).extracting(Event::code).containsExactly("engine-busy");
    }

    @Test
    void whatComesBeforeTheEngineListensWaits() throws Exception {
        UdpPorts ports = bind(plan(Peer.IPV4));
        peer(Peer.IPV4).send(ports.endpoints().get(0), MESSAGE);
        ports.receive(received::add);
        assertThat(next().octets()).isEqualTo(MESSAGE);
    }

    @Test
    void anEngineThatThrowsDoesNotCloseThePort() throws Exception {
        UdpPorts ports = bind(plan(Peer.IPV4));
        ports.receive(datagram -> {
            if (datagram.octets().size() == 1) {
                throw new IllegalStateException("planted");
            }
            return received.add(datagram);
        });
        Peer peer = peer(Peer.IPV4);
        peer.send(ports.endpoints().get(0), Bytes.hex("01"));
        peer.send(ports.endpoints().get(0), MESSAGE);
        assertThat(next().octets()).isEqualTo(MESSAGE);
        assertThat(told).extracting(Event::code).containsExactly("receive-failed");
    }

    @ParameterizedTest
    @MethodSource("loopbacks")
    void aTakenPortIsNamedWithWhatToDo(IpAddress address) throws Exception {
        Endpoint taken = bind(plan(address)).endpoints().get(1);
        PortPlan plan = PortPlan.ofIke(List.of(address), 0, taken.port());
        assertThatThrownBy(() -> bind(plan))
                .isInstanceOf(PortUnavailableException.class)
                .hasMessageContaining("cannot bind UDP " + taken)
                .hasMessageContaining("Address already in use")
                .hasMessageContaining("ss -lunp");
    }

    @Test
    void aForeignAddressIsNamedAndNothingStaysBound() throws Exception {
        IpAddress ours = IpAddress.of(new byte[] {127, 0, 77, 1});
        int free = bind(plan(ours)).endpoints().get(0).port();
        closePorts();
        IpAddress foreign = IpAddress.of(new byte[] {(byte) 192, 0, 2, 77});
        PortPlan plan = PortPlan.ofIke(List.of(ours, foreign), free, 0);
        assertThatThrownBy(() -> bind(plan)).hasMessageContaining("UDP 192.0.2.77:" + free);
        assertThat(bind(PortPlan.ofIke(List.of(ours), free, 0))
                        .endpoints()
                        .get(0)
                        .port())
                .isEqualTo(free);
    }

    private void closePorts() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        open.clear();
    }

    @ParameterizedTest
    @MethodSource("loopbacks")
    void withUdpEncapTheKernelTakesEspAndKeepalives(IpAddress address) throws Exception {
        UdpPorts ports = bind(new PortPlan(List.of(address), 0, 0, true, true, BypassPolicies.NONE, Optional.empty()));
        ports.receive(received::add);
        Endpoint nat = ports.endpoints().get(1);
        Peer peer = peer(address);
        peer.send(nat, Bytes.hex("c000000100000001000000000000000000000000"));
        peer.send(nat, Bytes.hex("ff"));
        peer.send(nat, Bytes.concat(MARKER, MESSAGE));
        assertThat(next().octets()).isEqualTo(MESSAGE);
        assertThat(counters.total(Counter.DROPPED_ESP)).isZero();
        assertThat(counters.total(Counter.KEEPALIVES_IN)).isZero();
    }
}
