package org.ikev2d.core.scenario;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.policy.IkeChoice;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.protect.Opened;
import org.ikev2d.core.protect.Protector;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;

/** SPIs, nonces and keys of a {@link HandmadePeer}'s IKE SA, and what is sealed and opened with them. */
final class HandmadeSa implements AutoCloseable {
    private final Algorithms algorithms;
    private final Entropy entropy;

    private boolean initiator;
    private IkeSpi localSpi = IkeSpi.NONE;
    private IkeSpi remoteSpi = IkeSpi.NONE;
    private Optional<KeyExchange> keyExchange = Optional.empty();
    private Optional<IkeKeys> keys = Optional.empty();
    private Optional<Protector> protector = Optional.empty();
    private IkeSuite suite;
    private Bytes nonce = Bytes.empty();
    private Bytes othersNonce = Bytes.empty();
    private Bytes initMessage = Bytes.empty();
    private int nextId;

    HandmadeSa(Algorithms algorithms, Entropy entropy) {
        this.algorithms = algorithms;
        this.entropy = entropy;
    }

    void initiate(KeyExchangeMethod method) {
        initiator = true;
        begin(new IkeSpi(0x1111_2222_3333_4444L), IkeSpi.NONE, method);
    }

    void respond(IkeSpi peer, KeyExchangeMethod method) {
        begin(new IkeSpi(0x5555_6666_7777_8888L), peer, method);
    }

    private void begin(IkeSpi own, IkeSpi peer, KeyExchangeMethod method) {
        localSpi = own;
        remoteSpi = peer;
        nonce = Bytes.wrap(entropy.octets(32));
        keyExchange.ifPresent(KeyExchange::close);
        keyExchange = Optional.of(algorithms.keyExchange(method));
    }

    /** The KE and Nonce payloads of its IKE_SA_INIT message. */
    Stream<Payload> keyExchangeAndNonce() {
        KeyExchange own = keyExchange.orElseThrow();
        return Stream.of(new Payload.KeyExchange(own.method().code(), own.publicValue()), new Payload.Nonce(nonce));
    }

    /** Its IKE_SA_INIT with {@code request} was answered: there are keys. */
    void answered(OuterMessage answer, List<IkeProposal> proposals, List<Payload> request) {
        Bytes own = MessageCodec.encode(header(ExchangeType.IKE_SA_INIT, false, 0), request);
        remoteSpi = answer.header().responderSpi();
        Payload.SecurityAssociation agreed = HandmadePeer.only(answer.payloads(), Payload.SecurityAssociation.class);
        derive(
                IkeChoice.choose(agreed.proposals(), proposals, Optional.empty(), Bytes.empty())
                        .orElseThrow()
                        .suite(),
                own,
                answer);
    }

    /** The keys of {@code agreed}, of {@code own}, which it sent, and {@code others}, both of IKE_SA_INIT. */
    void derive(IkeSuite agreed, Bytes own, OuterMessage others) {
        suite = agreed;
        initMessage = own;
        othersNonce = HandmadePeer.only(others.payloads(), Payload.Nonce.class).octets();
        Bytes peerValue =
                HandmadePeer.only(others.payloads(), Payload.KeyExchange.class).publicValue();
        try (Secret shared = keyExchange.orElseThrow().agree(peerValue)) {
            keys.ifPresent(IkeKeys::close);
            IkeKeys fresh = IkeKeys.derive(
                    algorithms,
                    suite,
                    shared,
                    initiator ? nonce : othersNonce,
                    initiator ? othersNonce : nonce,
                    initiator ? localSpi : remoteSpi,
                    initiator ? remoteSpi : localSpi);
            keys = Optional.of(fresh);
            protector = Optional.of(new Protector(algorithms, entropy, suite, fresh, initiator));
        } catch (InvalidPublicValueException refused) {
            throw new AssertionError(refused);
        }
    }

    /** One that is to take its place, with this end as its initiator (RFC 7296 §2.18). */
    HandmadeSa heir() {
        HandmadeSa heir = new HandmadeSa(algorithms, entropy);
        heir.initiator = true;
        IkeSpi fresh = IkeSpi.of(Bytes.wrap(entropy.octets(IkeSpi.SIZE))).orElseThrow();
        heir.begin(fresh, IkeSpi.NONE, suite.keyExchange());
        return heir;
    }

    /** The request for it: SA, KEi, Ni. */
    Payload[] asHeir(List<IkeProposal> proposals) {
        return Stream.concat(
                        Stream.of(new Payload.SecurityAssociation(IkeChoice.offer(proposals, localSpi.toBytes()))),
                        keyExchangeAndNonce())
                .toArray(Payload[]::new);
    }

    /** {@code old} has granted it with {@code answer}: there are keys. */
    void inherits(HandmadeSa old, List<Payload> answer, List<IkeProposal> proposals) {
        Payload.SecurityAssociation agreed = HandmadePeer.only(answer, Payload.SecurityAssociation.class);
        IkeChoice choice = IkeChoice.choose(agreed.proposals(), proposals, Optional.empty(), Bytes.empty())
                .orElseThrow();
        suite = choice.suite();
        remoteSpi = IkeSpi.of(choice.peerSpi()).orElseThrow();
        othersNonce = HandmadePeer.only(answer, Payload.Nonce.class).octets();
        Bytes peerValue = HandmadePeer.only(answer, Payload.KeyExchange.class).publicValue();
        try (Secret shared = keyExchange.orElseThrow().agree(peerValue)) {
            IkeKeys fresh = IkeKeys.deriveRekeyed(
                    algorithms,
                    suite,
                    old.suite.prf(),
                    old.keys().skD(),
                    shared,
                    nonce,
                    othersNonce,
                    localSpi,
                    remoteSpi);
            keys = Optional.of(fresh);
            protector = Optional.of(new Protector(algorithms, entropy, suite, fresh, true));
        } catch (InvalidPublicValueException refused) {
            throw new AssertionError(refused);
        }
    }

    /** Of a message from {@code source} to {@code destination}. */
    List<Payload> natDetection(Endpoint source, Endpoint destination) {
        return NatDetection.notifies(
                algorithms,
                initiator ? localSpi : remoteSpi,
                initiator ? remoteSpi : localSpi,
                source,
                destination,
                false);
    }

    /** Whether a message with {@code header} is one of it. */
    boolean has(IkeHeader header) {
        return localSpi.equals(header.fromInitiator() ? header.responderSpi() : header.initiatorSpi());
    }

    /** The message ID of its next request. */
    int nextId() {
        return nextId;
    }

    int takeId() {
        return nextId++;
    }

    Algorithms algorithms() {
        return algorithms;
    }

    Entropy entropy() {
        return entropy;
    }

    boolean initiator() {
        return initiator;
    }

    IkeSuite suite() {
        return suite;
    }

    IkeKeys keys() {
        return keys.orElseThrow();
    }

    /** What its AUTH payload signs. */
    SignedOctets signed(Payload.Identification ownId) {
        Secret skP = initiator ? keys().skPi() : keys().skPr();
        return SignedOctets.of(algorithms, suite.prf(), initMessage, othersNonce, skP, ownId, Bytes.empty());
    }

    IkeHeader header(ExchangeType exchange, boolean answer, int messageId) {
        return IkeHeader.of(
                initiator ? localSpi : remoteSpi,
                initiator ? remoteSpi : localSpi,
                exchange.code(),
                initiator,
                answer,
                messageId);
    }

    Bytes seal(IkeHeader header, List<Payload> payloads) {
        return protector.orElseThrow().seal(header, payloads);
    }

    /** In fragments of at most {@code most} octets (RFC 7383). */
    List<Bytes> cut(IkeHeader header, List<Payload> payloads, int most) {
        return protector.orElseThrow().seal(header, payloads, most);
    }

    /** Any octets as payloads, the first of type {@code firstPayload}; AES-GCM only. */
    Bytes sealRaw(IkeHeader header, int firstPayload, Bytes payloads) {
        Bytes plaintext = Bytes.concat(payloads, Bytes.of((byte) 0));
        Bytes iv = Bytes.wrap(entropy.octets(8));
        Bytes frame = MessageCodec.sealedFrame(header, firstPayload, iv.size() + plaintext.size() + 16);
        Secret key = initiator ? keys().skEi() : keys().skEr();
        return Bytes.concat(frame, iv, algorithms.seal(suite.encryption(), key, iv, frame, plaintext));
    }

    List<Payload> open(Bytes octets) {
        Opened opened = protector.orElseThrow().open(octets);
        if (opened instanceof Opened.Message message) {
            return message.payloads();
        }
        throw new AssertionError("the peer was sent what it cannot open: " + opened);
    }

    static OuterMessage decode(Input.Datagram datagram) {
        try {
            return MessageCodec.decode(datagram.octets());
        } catch (DecodeException broken) {
            throw new AssertionError("the peer was sent what is no message: " + broken.getMessage(), broken);
        }
    }

    @Override
    public void close() {
        keys.ifPresent(IkeKeys::close);
        keyExchange.ifPresent(KeyExchange::close);
    }
}
