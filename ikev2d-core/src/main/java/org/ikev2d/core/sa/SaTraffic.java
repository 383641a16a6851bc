package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.exchange.WindowSize;
import org.ikev2d.core.protect.Opened;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;

/**
 * An IKE SA's messages: each once, sealed, and no more of them under way than both ends take. Nothing that is unproven gets past here, save for IKE_SA_INIT's, which
 * {@link Initiation} takes with care.
 */
final class SaTraffic {
    private final IkeSa sa;
    private final RequestWindow requests;
    private final AnswerMemory answers = new AnswerMemory();
    private final Sealing sealing;

    private Optional<Initiation> initiation = Optional.empty();
    private Optional<Admission> admission = Optional.empty();
    private Optional<Owed> owed = Optional.empty();
    /** How many requests the peer takes; empty: it does not say. */
    private Optional<Integer> peerWindow = Optional.empty();

    /**
     * A request that was taken and is not answered yet.
     *
     * @param datagram the last of it
     * @param first by which it is known when it comes again
     */
    private record Owed(Input.Datagram datagram, IkeHeader header, Bytes first) {}

    SaTraffic(IkeSa sa) {
        this.sa = sa;
        this.requests = new RequestWindow(sa.bench().policy().retransmit());
        this.sealing = new Sealing(sa.bench());
    }

    void beginsWith(Initiation ours) {
        initiation = Optional.of(ours);
    }

    void beginsWith(Admission theirs) {
        admission = Optional.of(theirs);
    }

    void protectWith(Keying current) {
        sealing.with(current, sa.role() == Role.INITIATOR);
    }

    AnswerMemory answers() {
        return answers;
    }

    /** Whether no request is under way. */
    boolean isIdle() {
        return requests.isIdle();
    }

    /** Whether {@code task} may send its request now. */
    boolean hasRoomFor(Task task) {
        return requests.hasRoomFor(task, sa.isEstablished() ? peerWindow.orElse(1) : 1);
    }

    /** What promises the peer that we take more than one request at once, from when it has this (RFC 7296 §2.3). */
    Optional<Payload> offerWindow() {
        int size = sa.bench().policy().windowSize();
        // To whom it is an answer has all answers up to it; else the last may still be under way.
        answers.widen(size, owed.map(one -> one.header().messageId()).orElse(answers.next() - 2));
        return WindowSize.offer(size);
    }

    /** Whether the peer says how many requests it takes. */
    boolean knowsWindows() {
        return peerWindow.isPresent();
    }

    /** Up to which request the peer has our answers, since {@code messageId} came: who says no size knows of none. */
    private int sureBy(int messageId) {
        return peerWindow.isPresent() ? answers.sureBy(messageId) : messageId - 1;
    }

    /** The request that is being answered. */
    int answering() {
        return owed.orElseThrow().header().messageId();
    }

    /** Where the request that is being answered came from. */
    Path asker() {
        return Path.backOf(owed.orElseThrow().datagram());
    }

    /** The tasks whose requests are under way. */
    List<Task> underWay() {
        return requests.underWay();
    }

    /** Sends the request that {@code task} has begun. */
    void request(Task task, List<Payload> payloads) {
        List<Bytes> datagrams = sealing.seal(sa.path(), header(task.exchange(), false, requests.nextId()), payloads);
        requests.sent(task, datagrams, sa.bench().now(), sa.patience());
        sa.whereabouts().ways().forEach(path -> send(path, datagrams));
    }

    /** Sends what is under way once more, to where the peer is said to be. */
    void askAt(Path there) {
        send(there, requests.unanswered());
    }

    /** Sends IKE_SA_INIT, in the clear, as message 0 however often; returns it as AUTH signs it. */
    Bytes requestInit(Task task, List<Payload> payloads) {
        requests.restart();
        Bytes octets = MessageCodec.encode(header(ExchangeType.IKE_SA_INIT, false, 0), payloads);
        requests.sent(task, List.of(octets), sa.bench().now(), Optional.empty());
        send(sa.path(), List.of(octets));
        return octets;
    }

    /** IKE_SA_INIT has its answer. */
    void initAnswered() {
        requests.answered(0);
    }

    /** Answers IKE_SA_INIT's {@code request}, in the clear; returns the answer as AUTH signs it. */
    Bytes answerInit(Bytes request, List<Payload> payloads) {
        Bytes octets = MessageCodec.encode(header(ExchangeType.IKE_SA_INIT, true, 0), payloads);
        answers.answered(0, request, List.of(octets));
        send(sa.path(), List.of(octets));
        return octets;
    }

    void receive(Input.Datagram datagram, OuterMessage message) {
        if (message.header().response()) {
            response(datagram, message);
        } else {
            request(datagram, message);
        }
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(requests.due(), sealing.due()));
    }

    void onTime() {
        MonoTime now = sa.bench().now();
        sealing.onTime();
        if (initiation.filter(Initiation::isHopeless).isPresent() && Deadlines.isDue(requests.due(), now)) {
            sa.end(initiation.orElseThrow().hint().orElseThrow());
            return;
        }
        Optional<String> unanswered = requests.exhausted(now);
        if (unanswered.isPresent()) {
            String text = "the peer at " + sa.path().remote() + " does not answer: " + unanswered.get();
            sa.end(initiation.flatMap(Initiation::hint).orElse(new Failure(Failure.Code.PEER_SILENT, text)));
            return;
        }
        List<Bytes> again = requests.resend(now);
        sa.whereabouts().ways().forEach(path -> send(path, again));
    }

    void close() {
        requests.close();
        answers.close();
        initiation.ifPresent(Initiation::close);
    }

    private void response(Input.Datagram datagram, OuterMessage message) {
        IkeHeader header = message.header();
        Optional<Task> task = requests.waiting(header.messageId(), header.exchangeType());
        if (task.isEmpty()) {
            discard("late-answer", "an answer that nothing waits for");
            return;
        }
        if (header.exchangeType() == ExchangeType.IKE_SA_INIT.code()) {
            if (message.sealed().isEmpty()) {
                initiation.orElseThrow().answered(datagram, message, requests.isRepeated());
            }
            return;
        }
        if (!sealing.isKeyed()) {
            return;
        }
        Opened opened = sealing.open(header, datagram.octets());
        if (opened instanceof Opened.Message proven) {
            requests.answered(header.messageId());
            sa.heard();
            sa.whereabouts().answered(datagram, header.messageId());
            Payloads answer = new Payloads(task.get().exchange(), proven.payloads());
            noteWindow(answer);
            try {
                task.get().answered(answer);
            } catch (Refusal e) {
                giveUp(e.toFailure());
            }
        } else if (opened instanceof Opened.Malformed malformed) {
            requests.answered(header.messageId());
            task.get().abandoned();
            giveUp(misbehaved(malformed.cause().getMessage()));
        } else {
            notYet(opened);
        }
    }

    /** Nothing to act on, unless it is too much. */
    private void notYet(Opened opened) {
        if (opened instanceof Opened.Discarded discarded) {
            discard("unproven", discarded.reason() + ": " + discarded.detail());
        } else if (opened instanceof Opened.Partial partial) {
            discard("fragment", partial.kept() + " of " + partial.total() + " fragments are there");
        } else if (opened instanceof Opened.Excessive excessive) {
            // RFC 7383 §5: the connection is dropped.
            sa.delete(misbehaved(excessive.detail()));
        }
    }

    private static Failure misbehaved(String what) {
        return new Failure(Failure.Code.PEER_MISBEHAVED, what);
    }

    /** The peer cannot be understood: it is told so where it has the IKE SA, if that is not what it answered. */
    private void giveUp(Failure why) {
        boolean peerHasIt = sa.keying().next().isEmpty();
        if (sa.state() == IkeState.DELETING || !peerHasIt) {
            sa.end(why);
        } else {
            sa.farewell().say(why);
        }
    }

    private void request(Input.Datagram datagram, OuterMessage message) {
        List<Bytes> known = answerTo(datagram, message);
        if (!known.isEmpty()) {
            sa.repeated(message.header().messageId());
            send(Path.backOf(datagram), known);
            return;
        }
        if (owed.isPresent()) {
            discard("repeated", "a request while the one before is still worked on");
            return;
        }
        if (!answers.isAwaited(message.header().messageId()) || !sealing.isKeyed()) {
            discard(
                    "outside-window",
                    "request " + Integer.toUnsignedString(message.header().messageId()) + " where " + answers.next()
                            + " is next");
            return;
        }
        Opened opened = sealing.open(message.header(), datagram.octets());
        if (opened instanceof Opened.Message proven) {
            proven(new Owed(datagram, message.header(), proven.first()), proven.payloads());
        } else if (opened instanceof Opened.Malformed malformed) {
            reply(
                    new Owed(datagram, message.header(), malformed.first()),
                    List.of(Refusal.complaint(malformed.cause())));
            sa.bench()
                    .tell(
                            Event.Level.WARN,
                            sa.tunnelName(),
                            "malformed",
                            malformed.cause().getMessage());
        } else {
            notYet(opened);
        }
    }

    /** What a request was answered with, if this is it again; else nothing. */
    private List<Bytes> answerTo(Input.Datagram datagram, OuterMessage message) {
        List<Bytes> known = answers.repeat(datagram.octets());
        Optional<List<Bytes>> before = answers.to(message.header().messageId());
        boolean cutAnew = known.isEmpty() && before.isPresent() && sealing.isFirstFragment(message, datagram.octets());
        return cutAnew ? before.get() : known;
    }

    private void proven(Owed request, List<Payload> payloads) {
        if (sa.isEstablished()) {
            sa.heard();
            sa.children().confirmed(sureBy(request.header().messageId()));
        }
        sa.whereabouts().requested(request.datagram(), request.header().messageId());
        ExchangeType exchange = ExchangeType.of(request.header().exchangeType()).orElse(null);
        if (exchange == null) {
            reply(request, List.of(Payload.Notify.of(NotifyType.INVALID_SYNTAX)));
            return;
        }
        owed = Optional.of(request);
        Payloads asked = new Payloads(exchange, payloads);
        noteWindow(asked);
        react(asked);
    }

    /** How many requests the peer takes, which can only become more (RFC 7296 §2.3). */
    private void noteWindow(Payloads said) {
        int most = sa.bench().policy().windowSize();
        WindowSize.in(said, most).ifPresent(size -> peerWindow = Optional.of(Math.max(peerWindow.orElse(1), size)));
    }

    /** Answers the request that is owed an answer. */
    private void react(Reaction reaction) {
        Owed request = owed.orElseThrow();
        owed = Optional.empty();
        // The answer goes out before what follows from it, so that the peer sees things in the order of their causes.
        reply(request, reaction.answer());
        reaction.afterwards().run();
    }

    /** An answer, and what happens once it is sent. */
    record Reaction(List<Payload> answer, Runnable afterwards) {
        static Reaction of(List<Payload> answer) {
            return new Reaction(answer, () -> {});
        }
    }

    private void react(Payloads request) {
        try {
            requireTurn(request.exchange());
            switch (request.exchange()) {
                case IKE_INTERMEDIATE -> react(admission.orElseThrow().intermediate(request));
                case IKE_AUTH -> admission.orElseThrow().authenticate(request, this::react);
                case CREATE_CHILD_SA -> react(new ChildAnswer(sa).answer(request));
                case INFORMATIONAL -> react(new InformationalAnswer(sa).answer(request));
                case IKE_SA_INIT, IKE_FOLLOWUP_KE -> throw noPlace(request.exchange());
            }
        } catch (Refusal e) {
            sa.bench()
                    .tell(
                            Event.Level.WARN,
                            sa.tunnelName(),
                            "request-refused",
                            request.exchange() + " answered with " + e.notifyType() + ": " + e.getMessage());
            react(Reaction.of(List.of(e.toNotify())));
        }
    }

    /** Who has begun exchanges the keys that were agreed on, and then proves itself, before anything else. */
    private void requireTurn(ExchangeType exchange) throws Refusal {
        boolean unproven = sa.state() == IkeState.AUTHENTICATING && sa.role() == Role.RESPONDER;
        boolean proving = exchange == ExchangeType.IKE_INTERMEDIATE || exchange == ExchangeType.IKE_AUTH;
        if (!unproven && proving) {
            throw noPlace(exchange);
        }
        ExchangeType turn = sa.keying().next().isPresent() ? ExchangeType.IKE_INTERMEDIATE : ExchangeType.IKE_AUTH;
        if (unproven && exchange != turn) {
            throw Refusal.syntax(exchange + " where " + turn + " is next");
        }
    }

    private static Refusal noPlace(ExchangeType exchange) {
        return Refusal.syntax(exchange + " has no place here");
    }

    private void reply(Owed owing, List<Payload> payloads) {
        if (sa.isEnded()) {
            return;
        }
        IkeHeader request = owing.header();
        IkeHeader header = IkeHeader.of(
                request.initiatorSpi(),
                request.responderSpi(),
                request.exchangeType(),
                sa.role() == Role.INITIATOR,
                true,
                request.messageId());
        Path back = Path.backOf(owing.datagram());
        List<Bytes> datagrams = sealing.seal(back, header, payloads);
        answers.answered(request.messageId(), owing.first(), datagrams);
        send(back, datagrams);
    }

    private IkeHeader header(ExchangeType exchange, boolean response, int messageId) {
        boolean initiator = sa.role() == Role.INITIATOR;
        return IkeHeader.of(
                initiator ? sa.localSpi() : sa.remoteSpi(),
                initiator ? sa.remoteSpi() : sa.localSpi(),
                exchange.code(),
                initiator,
                response,
                messageId);
    }

    private void send(Path path, List<Bytes> datagrams) {
        datagrams.forEach(octets -> sa.bench().emit(path.send(octets)));
    }

    private void discard(String code, String text) {
        sa.bench().tell(Event.Level.DEBUG, sa.tunnelName(), code, text);
    }
}
