package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.auth.PskAuthentication;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.IkeChoice;
import org.ikev2d.core.policy.ProposalWords;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.AuthMethod;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;

/** IKE_SA_INIT and IKE_AUTH as their responder (RFC 7296 §1.2). Whose the peer is shows with its identity. */
public final class Admission {
    private final IkeSa sa;
    private final List<SaOwner> candidates;

    private Admission(IkeSa sa, List<SaOwner> candidates) {
        this.sa = sa;
        this.candidates = candidates;
    }

    /**
     * Answers a first request.
     *
     * @param candidates the tunnels between its endpoints, at least one
     * @throws Refusal when none of them can go along; the answer is the caller's to send, and no state is kept
     */
    public static IkeSa begin(Workbench bench, List<SaOwner> candidates, Input.Datagram datagram, OuterMessage message)
            throws Refusal {
        Payloads request = new Payloads(ExchangeType.IKE_SA_INIT, message.payloads());
        List<Proposal> offered = request.one(Payload.SecurityAssociation.class).proposals();
        Payload.KeyExchange peer = request.one(Payload.KeyExchange.class);
        Bytes peerNonce = request.one(Payload.Nonce.class).octets();
        IkeChoice choice = candidates.stream()
                .map(candidate -> IkeChoice.choose(
                        offered, candidate.policy().ikeProposals(), KeyExchangeMethod.of(peer.method()), Bytes.empty()))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        NotifyType.NO_PROPOSAL_CHOSEN,
                        "no IKE proposal in common: offered " + ProposalWords.describe(offered) + "; configured "
                                + ProposalWords.describeIke(
                                        candidates.get(0).policy().ikeProposals())));
        if (choice.suite().keyExchange().code() != peer.method()) {
            throw FreshSecret.wrongMethod(choice.suite().keyExchange());
        }
        KeyExchange own = bench.algorithms().keyExchange(choice.suite().keyExchange());
        try (FreshSecret fresh = new FreshSecret(Optional.of(own))) {
            Secret shared = fresh.agree(request, choice.suite().keyExchange()).orElseThrow();
            IkeSa sa = new IkeSa(bench, Role.RESPONDER, Path.backOf(datagram));
            sa.remoteSpi(message.header().initiatorSpi());
            Admission admission = new Admission(sa, List.copyOf(candidates));
            sa.traffic().beginsWith(admission);
            admission.answerInit(datagram, request, choice, own, shared, peerNonce);
            sa.expireHalfOpen(bench.policy().halfOpenLife());
            return sa;
        }
    }

    private void answerInit(
            Input.Datagram datagram,
            Payloads request,
            IkeChoice choice,
            KeyExchange own,
            Secret shared,
            Bytes peerNonce) {
        Workbench bench = sa.bench();
        Bytes nonce = bench.nonce();
        NatDetection nat = NatDetection.judge(
                bench.algorithms(), sa.remoteSpi(), IkeSpi.NONE, datagram.local(), datagram.remote(), request);
        boolean pretend =
                candidates.stream().anyMatch(candidate -> candidate.policy().forceEncapsulation());
        List<Payload> answer = new ArrayList<>();
        answer.add(new Payload.SecurityAssociation(List.of(choice.answer())));
        answer.add(new Payload.KeyExchange(own.method().code(), own.publicValue()));
        answer.add(new Payload.Nonce(nonce));
        if (nat.supported()) {
            answer.addAll(NatDetection.notifies(
                    bench.algorithms(), sa.remoteSpi(), sa.localSpi(), datagram.local(), datagram.remote(), pretend));
        }
        Bytes response = sa.traffic().answerInit(datagram.octets(), answer);
        IkeKeys keys = IkeKeys.derive(
                bench.algorithms(), choice.suite(), shared, peerNonce, nonce, sa.remoteSpi(), sa.localSpi());
        sa.keyed(choice.suite(), keys, new Handshake(datagram.octets(), response, peerNonce, nonce, nat));
    }

    /**
     * Answers IKE_AUTH. Who does not prove itself is told so, and forgotten. Who does has an IKE SA even where there is no
     * Child SA for it (RFC 7296 §1.2): of no use to us, so that it is ended in due form.
     */
    SaTraffic.Reaction authenticate(Payloads request) {
        List<Payload> answer = new ArrayList<>();
        try {
            Identity peer = request.identity(true)
                    .orElseThrow(() -> Refusal.syntax("IKE_AUTH: expected one IDi payload, found none"));
            SaOwner owner = owner(request, peer);
            sa.ownedBy(owner);
            TunnelPolicy policy = owner.policy();
            answer.add(new Payload.Identification(false, policy.localId()));
            answer.add(new Payload.Authentication(
                    AuthMethod.SHARED_KEY_MIC.code(),
                    PskAuthentication.compute(
                            sa.bench().algorithms(), sa.suite().prf(), policy.psk(), signed(policy.localId(), false))));
        } catch (Refusal e) {
            return unproven(e);
        }
        try {
            answer.addAll(firstChild(request));
        } catch (Refusal e) {
            answer.add(e.toNotify());
            return new SaTraffic.Reaction(answer, () -> sa.sayFarewell(e.toFailure()));
        }
        boolean initialContact = request.has(NotifyType.INITIAL_CONTACT);
        return new SaTraffic.Reaction(answer, () -> sa.established(initialContact));
    }

    private SaTraffic.Reaction unproven(Refusal why) {
        Failure failure = why.toFailure();
        if (sa.owner().isEmpty()) {
            candidates.forEach(candidate -> candidate.refused(failure));
        }
        return new SaTraffic.Reaction(List.of(why.toNotify()), () -> sa.end(failure));
    }

    /** The tunnel whose identities and PSK the peer has; of several, the first whose selectors go with the request. */
    private SaOwner owner(Payloads request, Identity peer) throws Refusal {
        Optional<Identity> wanted = request.identity(false);
        Payload.Authentication proof = request.one(Payload.Authentication.class);
        List<SaOwner> named = candidates.stream()
                .filter(candidate -> candidate.policy().remoteId().equals(peer))
                .filter(candidate ->
                        wanted.isEmpty() || candidate.policy().localId().equals(wanted.get()))
                .toList();
        if (named.isEmpty()) {
            throw new Refusal(
                    NotifyType.AUTHENTICATION_FAILED,
                    "no tunnel matches this peer: it says it is " + peer.describe() + " and wants "
                            + wanted.map(Identity::describe).orElse("anybody")
                            + "; compare remote_id and local_id");
        }
        List<SaOwner> proven = named.stream()
                .filter(candidate -> proves(candidate.policy(), peer, proof))
                .toList();
        if (proven.isEmpty()) {
            throw new Refusal(
                    NotifyType.AUTHENTICATION_FAILED,
                    peer.describe() + " does not prove its identity with the PSK of tunnel "
                            + named.get(0).policy().name() + ": compare the PSKs");
        }
        for (SaOwner candidate : proven) {
            if (goesWith(request, candidate.policy())) {
                return candidate;
            }
        }
        return proven.get(0);
    }

    private boolean proves(TunnelPolicy policy, Identity peer, Payload.Authentication proof) {
        return proof.method() == AuthMethod.SHARED_KEY_MIC.code()
                && PskAuthentication.verify(
                        sa.bench().algorithms(), sa.suite().prf(), policy.psk(), signed(peer, true), proof.data());
    }

    private static boolean goesWith(Payloads request, TunnelPolicy policy) {
        try {
            ChildTerms.narrowed(request, new ChildTerms.Selectors(policy.localSelectors(), policy.remoteSelectors()));
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    private SignedOctets signed(Identity identity, boolean initiator) {
        Handshake handshake = sa.handshake();
        IkeKeys keys = sa.keys();
        return SignedOctets.of(
                sa.bench().algorithms(),
                sa.suite().prf(),
                initiator ? handshake.request() : handshake.response(),
                initiator ? handshake.responderNonce() : handshake.initiatorNonce(),
                initiator ? keys.skPi() : keys.skPr(),
                identity);
    }

    private List<Payload> firstChild(Payloads request) throws Refusal {
        TunnelPolicy policy = sa.policy();
        List<EspProposal> proposals = EspChoice.withoutKeyExchange(policy.espProposals());
        List<Proposal> offered = EspChoice.stripKeyExchange(
                request.one(Payload.SecurityAssociation.class).proposals());
        ChildTerms.Selectors selectors = ChildTerms.narrowed(
                request, new ChildTerms.Selectors(policy.localSelectors(), policy.remoteSelectors()));
        EspSpi spi = sa.children().pairs().reserve(policy, sa.path());
        Optional<EspChoice> choice = EspChoice.choose(offered, proposals, Optional.empty(), spi);
        if (choice.isEmpty()) {
            sa.children().pairs().release(policy, sa.path(), spi);
            throw new Refusal(
                    NotifyType.NO_PROPOSAL_CHOSEN,
                    "no ESP proposal in common: offered " + ProposalWords.describe(offered) + "; configured "
                            + ProposalWords.describeEsp(policy.espProposals()));
        }
        Optional<Payload> notice = sa.children().agreeOnSet(request);
        ChildKind kind = notice.isPresent() ? ChildKind.FALLBACK : ChildKind.ORDINARY;
        ChildSa child = sa.children()
                .install(
                        choice.get(),
                        spi,
                        Optional.empty(),
                        sa.handshake().initiatorNonce(),
                        sa.handshake().responderNonce(),
                        selectors,
                        new SaChildren.Place(kind, Optional.empty(), false, 0),
                        true);
        sa.children().add(child);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(List.of(choice.get().answer())));
        payloads.add(new Payload.TrafficSelectors(true, selectors.remote()));
        payloads.add(new Payload.TrafficSelectors(false, selectors.local()));
        notice.ifPresent(payloads::add);
        return payloads;
    }
}
