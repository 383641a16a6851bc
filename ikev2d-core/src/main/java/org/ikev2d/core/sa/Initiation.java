package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.auth.PeerOffer;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.policy.IkeChoice;
import org.ikev2d.core.policy.ProposalWords;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;

/**
 * IKE_SA_INIT as its initiator (RFC 7296 §1.2, §2.6). Its answers are unproven: only COOKIE and INVALID_KE_PAYLOAD are
 * acted on at once; any other error, and any answer that cannot be used, is kept as a hint while we wait for a better one
 * (RFC 7296 §2.21.1).
 */
public final class Initiation implements Task {
    private static final int RESTARTS = 8;
    private static final int LONGEST_COOKIE = 64;

    private final IkeSa sa;
    private final Bytes nonce;

    private KeyExchange keyExchange;
    private Optional<Bytes> cookie = Optional.empty();

    /** The request under way bears a cookie that was demanded for its form. */
    private boolean demandMet;

    private Optional<Failure> hint = Optional.empty();
    private Bytes request = Bytes.empty();
    private int restarts;

    private Initiation(IkeSa sa, KeyExchangeMethod method) {
        this.sa = sa;
        this.nonce = sa.bench().nonce();
        this.keyExchange = sa.bench().algorithms().keyExchange(method);
    }

    /** Begins an IKE SA for {@code owner}'s tunnel. */
    public static IkeSa begin(Workbench bench, SaOwner owner) {
        TunnelPolicy policy = owner.policy();
        Path path = new Path(
                new Endpoint(policy.local(), bench.policy().ikePort()),
                new Endpoint(policy.remote(), bench.policy().ikePort()),
                false);
        IkeSa sa = new IkeSa(bench, Role.INITIATOR, path);
        sa.ownedBy(owner, policy);
        Initiation initiation =
                new Initiation(sa, policy.ikeProposals().get(0).keyExchanges().get(0));
        sa.traffic().beginsWith(initiation);
        initiation.send();
        return sa;
    }

    /** What went wrong so far. */
    Optional<Failure> hint() {
        return hint;
    }

    /** Whether the peer said that it will not, and nobody has said otherwise. */
    boolean isHopeless() {
        return hint.isPresent() && sa.state() == IkeState.CONNECTING;
    }

    void close() {
        keyExchange.close();
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.IKE_SA_INIT;
    }

    @Override
    public Optional<List<Payload>> begin() {
        List<Payload> payloads = new ArrayList<>();
        cookie.ifPresent(data -> payloads.add(Payload.Notify.of(NotifyType.COOKIE, data)));
        payloads.add(new Payload.SecurityAssociation(IkeChoice.offer(sa.policy().ikeProposals(), Bytes.empty())));
        payloads.add(new Payload.KeyExchange(keyExchange.method().code(), keyExchange.publicValue()));
        payloads.add(new Payload.Nonce(nonce));
        payloads.addAll(NatDetection.notifies(
                sa.bench().algorithms(),
                sa.localSpi(),
                sa.remoteSpi(),
                sa.path().local(),
                sa.path().remote(),
                sa.policy().forceEncapsulation()));
        Sealing.offer(sa.bench()).ifPresent(payloads::add);
        Credentials.hashes(List.of(sa.policy().credentials())).ifPresent(payloads::add);
        if (sa.policy().credentials().ppk().isPresent()) {
            payloads.add(Payload.Notify.of(NotifyType.USE_PPK));
        }
        if (sa.policy().ikeProposals().stream()
                .anyMatch(proposal -> !proposal.additional().isEmpty())) {
            payloads.add(Intermediate.supported());
        }
        return Optional.of(payloads);
    }

    /** IKE_SA_INIT's answer comes to {@link #answered(Input.Datagram, OuterMessage, boolean)}, with its octets. */
    @Override
    public void answered(Payloads answer) {
        throw new IllegalStateException("IKE_SA_INIT is answered in the clear");
    }

    /** @param repeated the request was sent more than once */
    void answered(Input.Datagram datagram, OuterMessage message, boolean repeated) {
        Payloads answer = new Payloads(ExchangeType.IKE_SA_INIT, message.payloads());
        Optional<Payload.Notify> error = answer.error();
        Optional<Bytes> demanded = answer.notify(NotifyType.COOKIE);
        try {
            if (error.isPresent()) {
                refused(error.get());
            } else if (demanded.isPresent()) {
                cookie(demanded.get(), repeated);
            } else {
                agreed(datagram, message, answer);
            }
        } catch (Refusal e) {
            hint = Optional.of(e.toFailure());
        }
    }

    private void cookie(Bytes data, boolean repeated) throws Refusal {
        if (data.isEmpty() || data.size() > LONGEST_COOKIE) {
            throw Refusal.syntax("a cookie has 1 to 64 octets, not " + data.size());
        }
        // One that answers a sending without a cookie may come late, and AUTH is for what is sent last.
        if (!demandMet || repeated) {
            cookie = Optional.of(data);
            demandMet = true;
            again();
        }
    }

    private void refused(Payload.Notify error) throws Refusal {
        Optional<KeyExchangeMethod> wanted = ChildTerms.wantedMethod(error)
                .filter(method -> method != keyExchange.method())
                .filter(method -> sa.policy().ikeProposals().stream()
                        .anyMatch(proposal -> proposal.keyExchanges().contains(method)));
        if (wanted.isEmpty()) {
            hint = Optional.of(PeerErrors.explain(error, ExchangeType.IKE_SA_INIT, sa.policy()));
            return;
        }
        keyExchange.close();
        keyExchange = sa.bench().algorithms().keyExchange(wanted.get());
        demandMet = false;
        again();
    }

    private void again() throws Refusal {
        if (++restarts > RESTARTS) {
            throw Refusal.syntax("the peer asks for IKE_SA_INIT in another form again and again");
        }
        send();
    }

    private void send() {
        request = sa.traffic().requestInit(this, begin().orElseThrow());
    }

    private void agreed(Input.Datagram datagram, OuterMessage message, Payloads answer) throws Refusal {
        Payload.SecurityAssociation proposals = answer.one(Payload.SecurityAssociation.class);
        ChildTerms.requireSingleChoice(proposals.proposals());
        IkeChoice choice = IkeChoice.choose(
                        proposals.proposals(),
                        sa.policy().ikeProposals(),
                        Optional.of(keyExchange.method()),
                        Bytes.empty())
                .orElseThrow(() -> new Refusal(
                        NotifyType.NO_PROPOSAL_CHOSEN,
                        "the peer chose what was not offered: " + ProposalWords.describe(proposals.proposals())));
        if (!choice.suite().additional().isEmpty() && !answer.has(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED)) {
            throw Refusal.syntax("the peer chose additional key exchanges, but does not say that it can do them");
        }
        if (!answer.has(NotifyType.USE_PPK)
                && sa.policy().credentials().ppk().filter(Ppk::required).isPresent()) {
            throw new Refusal(
                    NotifyType.AUTHENTICATION_FAILED,
                    "the peer has no PPK, and ppk_required is set: give it the PPK, or do without one");
        }
        Bytes peerNonce = answer.one(Payload.Nonce.class).octets();
        if (message.header().responderSpi().isNone()) {
            throw Refusal.syntax("the peer's SPI is 0");
        }
        NatDetection nat = NatDetection.judge(
                sa.bench().algorithms(),
                message.header().initiatorSpi(),
                message.header().responderSpi(),
                datagram.local(),
                datagram.remote(),
                answer);
        // Closed only once an answer has been used: one that cannot be is perhaps not the peer's.
        FreshSecret fresh = new FreshSecret(Optional.of(keyExchange));
        Secret shared = fresh.agree(answer, choice.suite().keyExchange()).orElseThrow();
        try (fresh) {
            IkeKeys keys = IkeKeys.derive(
                    sa.bench().algorithms(),
                    choice.suite(),
                    shared,
                    nonce,
                    peerNonce,
                    sa.localSpi(),
                    message.header().responderSpi());
            sa.remoteSpi(message.header().responderSpi());
            sa.keyed(
                    choice.suite(),
                    keys,
                    new Handshake(
                            request,
                            datagram.octets(),
                            nonce,
                            peerNonce,
                            nat,
                            PeerOffer.of(message.payloads()),
                            Sealing.isOffered(sa.bench(), answer),
                            Abilities.of(answer)));
        }
        if (nat.supported() && (nat.any() || sa.policy().forceEncapsulation())) {
            sa.whereabouts().settle(sa.path().floated(sa.bench().policy().natPort()));
        }
        sa.traffic().initAnswered();
        sa.enqueue(Intermediate.next(sa));
    }
}
