package org.ikev2d.core.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ikev2d.core.auth.PskAuthentication;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.ChildKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.IkeChoice;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.AuthMethod;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.Gateway;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.World;

/**
 * A peer that knows the protocol and the PSK, and says what the test composes: in requests of its own, and in answers,
 * which {@link Answers} may alter. It has one IKE SA, on port 500 unless told, and no kernel.
 */
final class HandmadePeer {
    private static final int NAT_PORT = 4500;
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final World world;
    private final TunnelPolicy policy;
    private final Gateway gateway;
    private final List<Payloads> heard = new ArrayList<>();

    private List<TrafficSelector> localSelectors;
    private Function<SignedOctets, List<Payload>> proving;
    private Answers answers = (request, usual) -> usual;
    private UnaryOperator<List<Payload>> questions = UnaryOperator.identity();
    private int idReserved;
    private int port = 500;
    private HandmadeSa sa;
    private Bytes childNonce = Bytes.empty();
    private List<Payload> initMore = List.of();
    private final List<HandmadeSa> former = new ArrayList<>();
    private Optional<Input.Datagram> response = Optional.empty();

    /** What is answered to {@code request}; {@code usual} is what a peer without wishes would say. */
    @FunctionalInterface
    interface Answers {
        List<Payload> to(Payloads request, List<Payload> usual);
    }

    private HandmadePeer(World world, TunnelDraft draft) {
        this.world = world;
        this.policy = draft.policy();
        this.localSelectors = policy.localSelectors();
        Secret key = TunnelDraft.secrets(policy.credentials()).get(0);
        this.proving = signed -> List.of(new Payload.Authentication(
                AuthMethod.SHARED_KEY_MIC.code(),
                PskAuthentication.compute(sa.algorithms(), sa.suite().prf(), key, signed)));
        this.gateway = world.gateway("peer", draft.local(), Cpus.firstOnes(1), (cpus, kernel, given, random) -> {
                    sa = new HandmadeSa(given, random);
                    return (now, input) -> handle(input);
                })
                .lends(key);
    }

    static HandmadePeer started(World world, TunnelDraft draft) {
        HandmadePeer peer = new HandmadePeer(world, draft);
        peer.gateway.start();
        return peer;
    }

    /** With other CERT and AUTH payloads than the PSK's. */
    HandmadePeer proving(Function<SignedOctets, List<Payload>> others) {
        proving = others;
        return this;
    }

    HandmadePeer answering(Answers others) {
        answers = others;
        return this;
    }

    /** What it asks from now on, IKE_SA_INIT too, is what {@code change} makes of what it would ask. */
    HandmadePeer asking(UnaryOperator<List<Payload>> change) {
        questions = change;
        return this;
    }

    /** It sends from and to port 4500, from IKE_SA_INIT on. */
    HandmadePeer onNatPort() {
        port = NAT_PORT;
        return this;
    }

    /** What says that a message comes from {@code source}: where it does not, there is a NAT. */
    List<Payload> natDetection(Endpoint source) {
        return sa.natDetection(source, new Endpoint(policy.remote(), port));
    }

    Gateway gateway() {
        return gateway;
    }

    /** It sends {@code bits}, 24 of them, in the RESERVED field of its ID payload. */
    HandmadePeer idReserved(int bits) {
        idReserved = bits;
        return this;
    }

    /** Requests that it was sent, oldest first; a repeated one again. */
    List<Payloads> heard() {
        return List.copyOf(heard);
    }

    HandmadeSa sa() {
        return sa;
    }

    /** It asks on {@code other} from now on; it still answers on those before. */
    void use(HandmadeSa other) {
        former.add(sa);
        former.remove(other);
        sa = other;
    }

    /** IKE_SA_INIT with {@code more}, after which there are keys; its answer. */
    List<Payload> init(Payload... more) {
        begin(more);
        return openInit(
                send(MessageCodec.encode(sa.header(ExchangeType.IKE_SA_INIT, false, sa.takeId()), initRequest())));
    }

    private void begin(Payload... more) {
        initMore = List.of(more);
        sa.initiate(policy.ikeProposals().get(0).keyExchanges().get(0));
    }

    private List<Payload> initRequest() {
        Stream<Payload> usual = Stream.concat(
                Stream.of(new Payload.SecurityAssociation(IkeChoice.offer(policy.ikeProposals(), Bytes.empty()))),
                sa.keyExchangeAndNonce());
        return questions.apply(Stream.concat(usual, initMore.stream()).toList());
    }

    private List<Payload> openInit(Input.Datagram datagram) {
        OuterMessage message = HandmadeSa.decode(datagram);
        sa.answered(message, policy.ikeProposals(), initRequest());
        return message.payloads();
    }

    /** IKE_AUTH with IDi, IDr, AUTH, SA, TSi, TSr and {@code more}; its answer. */
    List<Payload> auth(Payload... more) {
        return ask(ExchangeType.IKE_AUTH, authRequest(more));
    }

    /** As {@link #auth}, without waiting for the answer; the datagram, to be sent again. */
    Bytes authSent(Payload... more) {
        return asked(ExchangeType.IKE_AUTH, authRequest(more));
    }

    /** Sends a sealed request with the next message ID and does not wait; its answer is not looked for. */
    void askedTooEarly(ExchangeType exchange, Payload... payloads) {
        sendRaw(sa.seal(sa.header(exchange, false, sa.nextId()), List.of(payloads)));
    }

    /** Sends a sealed request and does not wait: {@link #answered} has what comes back. The datagram, to be sent again. */
    Bytes asked(ExchangeType exchange, Payload... payloads) {
        Bytes request = sa.seal(sa.header(exchange, false, sa.takeId()), List.of(payloads));
        response = Optional.empty();
        sendRaw(request);
        return request;
    }

    /** What came back since the last request, if anything. */
    Optional<List<Payload>> answered() {
        return response.map(one -> sa.open(one.octets()));
    }

    private Payload[] authRequest(Payload... more) {
        Stream<Payload> ids = Stream.concat(
                Stream.of(ownId()),
                policy.credentials().remoteId().exact().stream().map(id -> new Payload.Identification(false, id)));
        Stream<Payload> child = Stream.of(
                new Payload.SecurityAssociation(
                        EspChoice.offer(EspChoice.withoutKeyExchange(policy.espProposals()), spi())),
                new Payload.TrafficSelectors(true, localSelectors),
                new Payload.TrafficSelectors(false, policy.remoteSelectors()));
        return Stream.of(ids, proof().stream(), child, Stream.of(more))
                .flatMap(part -> part)
                .toArray(Payload[]::new);
    }

    /** CREATE_CHILD_SA with SA, Nonce, TSi, TSr and {@code more}; its answer. */
    List<Payload> createChild(Payload... more) {
        return createChild(spi(), more);
    }

    /** CREATE_CHILD_SA that makes an SA with {@code fresh} in place of the one with {@code old}, both of this end. */
    List<Payload> rekey(EspSpi old, EspSpi fresh) {
        return createChild(
                fresh,
                new Payload.Notify(ProtocolId.ESP.code(), old.toBytes(), NotifyType.REKEY_SA.code(), Bytes.empty()));
    }

    private List<Payload> createChild(EspSpi fresh, Payload... more) {
        childNonce = Bytes.wrap(sa.entropy().octets(32));
        Stream<Payload> usual = Stream.of(
                new Payload.SecurityAssociation(
                        EspChoice.offer(EspChoice.withoutKeyExchange(policy.espProposals()), fresh)),
                new Payload.Nonce(childNonce),
                new Payload.TrafficSelectors(true, localSelectors),
                new Payload.TrafficSelectors(false, policy.remoteSelectors()));
        return ask(
                ExchangeType.CREATE_CHILD_SA,
                Stream.concat(usual, Stream.of(more)).toArray(Payload[]::new));
    }

    /**
     * A Child SA that this end asked for, in an exchange without KE payloads.
     *
     * @param keys the caller's to close
     */
    record Made(EspSuite suite, EspSpi remoteSpi, ChildKeys keys) {}

    /** What came of its last CREATE_CHILD_SA, which was granted with {@code answer}. */
    Made made(List<Payload> answer) {
        Payload.SecurityAssociation granted = only(answer, Payload.SecurityAssociation.class);
        EspChoice agreed = EspChoice.choose(granted.proposals(), policy.espProposals(), Optional.empty(), spi())
                .orElseThrow();
        ChildKeys fresh = ChildKeys.derive(
                sa.algorithms(),
                sa.suite().prf(),
                sa.keys().skD(),
                agreed.suite(),
                Optional.empty(),
                childNonce,
                only(answer, Payload.Nonce.class).octets());
        return new Made(agreed.suite(), agreed.peerSpi(), fresh);
    }

    /** From now on it asks for {@code host} alone. */
    void narrower(IpAddress host) {
        localSelectors = List.of(TrafficSelector.anyPort(host, host));
    }

    /** Any sealed request; its answer. */
    List<Payload> ask(ExchangeType exchange, Payload... payloads) {
        return sa.open(send(sa.seal(sa.header(exchange, false, sa.takeId()), questions.apply(List.of(payloads))))
                .octets());
    }

    /** A fresh SPI for an ESP SA of this end. */
    EspSpi spi() {
        return new EspSpi(0xd000_0000 | sa.nextId() << 16 | heard.size());
    }

    /** A sealed request with the next message ID, of any octets as payloads, which is not sent; AES-GCM only. */
    Bytes sealed(ExchangeType exchange, int firstPayload, Bytes payloads) {
        return sealed(exchange, sa.nextId(), firstPayload, payloads);
    }

    /** The same with any message ID. */
    Bytes sealed(ExchangeType exchange, int messageId, int firstPayload, Bytes payloads) {
        return sa.sealRaw(sa.header(exchange, false, messageId), firstPayload, payloads);
    }

    /** A sealed request in fragments of at most {@code most} octets, which are not sent (RFC 7383). */
    List<Bytes> cut(ExchangeType exchange, int messageId, int most, Payload... payloads) {
        return sa.cut(sa.header(exchange, false, messageId), List.of(payloads), most);
    }

    /** Sends octets, whatever they are, and does not wait. */
    void sendRaw(Bytes octets) {
        Endpoint from = new Endpoint(policy.local(), port);
        Endpoint to = new Endpoint(policy.remote(), port);
        world.network().inject(gateway, Parcel.ike(from, to, octets, port == NAT_PORT));
    }

    /** Sends a request, waits for its answer, and gives what is in it. */
    List<Payload> askRaw(Bytes request) {
        sa.takeId();
        return sa.open(send(request).octets());
    }

    private Input.Datagram send(Bytes request) {
        response = Optional.empty();
        sendRaw(request);
        world.runUntil("an answer", PATIENCE, () -> response.isPresent());
        return response.orElseThrow();
    }

    private Step handle(Input input) {
        List<Output> outputs = new ArrayList<>();
        if (input instanceof Input.Stop) {
            sa.close();
            former.forEach(HandmadeSa::close);
            outputs.add(new Output.Stopped());
        } else if (input instanceof Input.Datagram datagram) {
            IkeHeader header = HandmadeSa.decode(datagram).header();
            if (header.response()) {
                response = Optional.of(datagram);
            } else {
                outputs.add(new Output.Send(
                        datagram.local(), datagram.remote(), answer(datagram, header), datagram.encapsulated()));
            }
        }
        return new Step(outputs, Optional.empty());
    }

    private Bytes answer(Input.Datagram datagram, IkeHeader header) {
        ExchangeType exchange = ExchangeType.of(header.exchangeType()).orElseThrow();
        if (exchange == ExchangeType.IKE_SA_INIT) {
            return answerInit(datagram);
        }
        HandmadeSa asked = Stream.concat(Stream.of(sa), former.stream())
                .filter(one -> one.has(header))
                .findFirst()
                .orElseThrow();
        Payloads request = new Payloads(exchange, asked.open(datagram.octets()));
        heard.add(request);
        return asked.seal(asked.header(exchange, true, header.messageId()), answers.to(request, usual(request)));
    }

    private Bytes answerInit(Input.Datagram datagram) {
        OuterMessage message = HandmadeSa.decode(datagram);
        Payloads request = new Payloads(ExchangeType.IKE_SA_INIT, message.payloads());
        heard.add(request);
        Payload.SecurityAssociation offer = only(message.payloads(), Payload.SecurityAssociation.class);
        Payload.KeyExchange peer = only(message.payloads(), Payload.KeyExchange.class);
        IkeChoice fits = IkeChoice.choose(
                        offer.proposals(), policy.ikeProposals(), KeyExchangeMethod.of(peer.method()), Bytes.empty())
                .orElseThrow();
        sa.respond(message.header().initiatorSpi(), fits.suite().keyExchange());
        List<Payload> usual = Stream.concat(
                        Stream.<Payload>of(new Payload.SecurityAssociation(List.of(fits.answer()))),
                        sa.keyExchangeAndNonce())
                .toList();
        List<Payload> said = answers.to(request, usual);
        Bytes octets = MessageCodec.encode(sa.header(ExchangeType.IKE_SA_INIT, true, 0), said);
        if (said.containsAll(usual)) {
            sa.derive(fits.suite(), octets, message);
        }
        return octets;
    }

    /** Nothing to the wish to rekey the IKE SA, which has no selectors: that is left to the test. */
    private List<Payload> usual(Payloads request) {
        return switch (request.exchange()) {
            case IKE_AUTH ->
                Stream.concat(Stream.concat(Stream.of(ownId()), proof().stream()), child(request).stream())
                        .toList();
            case CREATE_CHILD_SA ->
                request.all().stream().noneMatch(Payload.TrafficSelectors.class::isInstance)
                        ? List.of()
                        : further(request);
            default -> List.of();
        };
    }

    private List<Payload> further(Payloads request) {
        List<Payload> payloads = new ArrayList<>(child(request));
        payloads.add(1, new Payload.Nonce(Bytes.wrap(sa.entropy().octets(32))));
        return payloads;
    }

    /** SA, TSi, TSr: the first that fits, and the selectors as asked for. */
    private List<Payload> child(Payloads request) {
        Payload.SecurityAssociation offer = only(request.all(), Payload.SecurityAssociation.class);
        EspChoice fits = EspChoice.choose(offer.proposals(), policy.espProposals(), Optional.empty(), spi())
                .orElseThrow();
        return Stream.concat(
                        Stream.<Payload>of(new Payload.SecurityAssociation(List.of(fits.answer()))),
                        request.all().stream().filter(Payload.TrafficSelectors.class::isInstance))
                .toList();
    }

    private List<Payload> proof() {
        return proving.apply(sa.signed(ownId()));
    }

    private Payload.Identification ownId() {
        return new Payload.Identification(sa.initiator(), policy.credentials().localId(), idReserved);
    }

    /** The only payload of {@code kind} in {@code payloads}. */
    static <P extends Payload> P only(List<Payload> payloads, Class<P> kind) {
        List<P> found =
                payloads.stream().filter(kind::isInstance).map(kind::cast).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one " + kind.getSimpleName() + ", found " + found);
        }
        return found.get(0);
    }
}
