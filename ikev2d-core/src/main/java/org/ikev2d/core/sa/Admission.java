package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.auth.PeerOffer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.Childless;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.IkeChoice;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.policy.ProposalWords;
import org.ikev2d.core.policy.TunnelPolicy;
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

    /** Those that a refusal concerns: all between the ends, until the peer has said whose it is. */
    private List<SaOwner> concerned;

    private Admission(IkeSa sa, List<SaOwner> candidates) {
        this.sa = sa;
        this.candidates = candidates;
        this.concerned = candidates;
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
        boolean intermediate = request.has(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED);
        IkeChoice choice = candidates.stream()
                .map(candidate -> candidate.policy().ikeProposals())
                .map(ours -> intermediate ? ours : IkeProposal.withoutAdditional(ours))
                .map(ours -> IkeChoice.choose(offered, ours, KeyExchangeMethod.of(peer.method()), Bytes.empty()))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        NotifyType.NO_PROPOSAL_CHOSEN,
                        "no IKE proposal in common: offered " + ProposalWords.describe(offered) + "; configured "
                                + ProposalWords.describeIke(
                                        candidates.get(0).policy().ikeProposals())));
        try (AnsweredSecret secret =
                AnsweredSecret.of(bench.algorithms(), request, choice.suite().keyExchange())) {
            IkeSa sa = new IkeSa(bench, Role.RESPONDER, Path.backOf(datagram));
            sa.remoteSpi(message.header().initiatorSpi());
            Admission admission = new Admission(sa, List.copyOf(candidates));
            sa.traffic().beginsWith(admission);
            admission.answerInit(datagram, request, choice, secret, peerNonce);
            sa.expireHalfOpen(bench.policy().halfOpenLife());
            return sa;
        }
    }

    private void answerInit(
            Input.Datagram datagram, Payloads request, IkeChoice choice, AnsweredSecret secret, Bytes peerNonce) {
        Workbench bench = sa.bench();
        Bytes nonce = bench.nonce();
        NatDetection nat = NatDetection.judge(
                bench.algorithms(), sa.remoteSpi(), IkeSpi.NONE, datagram.local(), datagram.remote(), request);
        boolean pretend =
                candidates.stream().anyMatch(candidate -> candidate.policy().forceEncapsulation());
        List<Payload> answer = new ArrayList<>();
        answer.add(new Payload.SecurityAssociation(List.of(choice.answer())));
        secret.payload().ifPresent(answer::add);
        answer.add(new Payload.Nonce(nonce));
        if (nat.supported()) {
            answer.addAll(NatDetection.notifies(
                    bench.algorithms(), sa.remoteSpi(), sa.localSpi(), datagram.local(), datagram.remote(), pretend));
        }
        boolean fragments = Sealing.isOffered(bench, request);
        if (fragments) {
            Sealing.offer(bench).ifPresent(answer::add);
        }
        if (!choice.suite().additional().isEmpty()) {
            answer.add(Intermediate.supported());
        }
        if (candidates.stream().anyMatch(candidate -> candidate.policy().childless() != Childless.NEVER)) {
            answer.add(Childless.supported());
        }
        if (isPpkAgreed(Abilities.of(request))) {
            answer.add(Payload.Notify.of(NotifyType.USE_PPK));
        }
        List<Credentials> credentials = candidates.stream()
                .map(candidate -> candidate.policy().credentials())
                .toList();
        Credentials.hashes(credentials).ifPresent(answer::add);
        answer.addAll(Credentials.requests(credentials));
        Bytes response = sa.traffic().answerInit(datagram.octets(), answer);
        IkeKeys keys = IkeKeys.derive(
                bench.algorithms(),
                choice.suite(),
                secret.shared().orElseThrow(),
                peerNonce,
                nonce,
                sa.remoteSpi(),
                sa.localSpi());
        sa.keyed(
                choice.suite(),
                keys,
                new Handshake(
                        datagram.octets(),
                        response,
                        peerNonce,
                        nonce,
                        nat,
                        PeerOffer.of(request.all()),
                        fragments,
                        Abilities.of(request)));
    }

    /** Whether both ends say that they use PPKs: we do where one of the tunnels has one (RFC 8784 §3). */
    private boolean isPpkAgreed(Abilities peer) {
        return peer.ppk()
                && candidates.stream()
                        .anyMatch(candidate ->
                                candidate.policy().credentials().ppk().isPresent());
    }

    /** Answers IKE_INTERMEDIATE: one additional key exchange (RFC 9370 §2.2.2). Who errs is told so, and forgotten. */
    SaTraffic.Reaction intermediate(Payloads request) {
        KeyExchangeMethod method = sa.keying().next().orElseThrow();
        try (AnsweredSecret secret = AnsweredSecret.of(sa.bench().algorithms(), request, method)) {
            IkeKeys keys = sa.keying().derive(secret.shared().orElseThrow());
            return new SaTraffic.Reaction(secret.payload().stream().toList(), () -> sa.advance(keys));
        } catch (Refusal e) {
            return unproven(e);
        }
    }

    /**
     * Answers IKE_AUTH, perhaps later. Who does not prove itself is told so, and forgotten. Who does has an IKE SA even
     * where there is no Child SA for it (RFC 7296 §1.2): of no use to us, so that it is ended in due form.
     */
    void authenticate(Payloads request, Consumer<SaTraffic.Reaction> answer) {
        PeerCheck.Outcome outcome = new PeerCheck.Outcome() {
            @Override
            public void proven(SaOwner owner, Proof how) {
                sa.proven().peers(how);
                answer.accept(welcome(owner, request));
            }

            @Override
            public void refused(Refusal why) {
                answer.accept(unproven(why));
            }

            @Override
            public void abandoned() {
                // Nothing is held for it, and nobody is left to be answered.
            }
        };
        try {
            Payload.Identification id = request.identification(true)
                    .orElseThrow(() -> Refusal.syntax("IKE_AUTH: expected one IDi payload, found none"));
            Identity peer = id.identity();
            concerned = named(request, peer);
            sa.keptWaiting();
            new PeerCheck(sa, request, id, isPpkAgreed(sa.handshake().peer()), outcome).run(concerned);
        } catch (Refusal e) {
            answer.accept(unproven(e));
        }
    }

    private SaTraffic.Reaction welcome(SaOwner owner, Payloads request) {
        List<Payload> answer = new ArrayList<>();
        try {
            sa.ownedBy(owner, owner.policy());
            answer.addAll(ourProof(owner.policy().credentials(), request));
        } catch (Refusal e) {
            return unproven(e);
        }
        if (AddressUpdate.isAgreed(sa, request) && new AddressUpdate(sa, request).isTranslated()) {
            return unproven(new Refusal(
                    NotifyType.UNEXPECTED_NAT_DETECTED,
                    "something has changed addresses on the way, which the peer forbids"));
        }
        try {
            answer.addAll(isChildless(request) ? List.of() : firstChild(request));
        } catch (Refusal e) {
            answer.add(e.toNotify());
            return new SaTraffic.Reaction(answer, () -> sa.farewell().say(e.toFailure()));
        }
        if (AddressUpdate.isAgreed(sa, request)) {
            sa.whereabouts().agreeMobile();
            answer.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        }
        if (sa.traffic().knowsWindows()) {
            sa.traffic().offerWindow().ifPresent(answer::add);
        }
        boolean initialContact = request.has(NotifyType.INITIAL_CONTACT);
        return new SaTraffic.Reaction(answer, () -> sa.established(initialContact));
    }

    /** Without all that is about a Child SA (RFC 6023 §5). */
    private boolean isChildless(Payloads request) {
        return sa.policy().childless() != Childless.NEVER
                && request.all().stream()
                        .noneMatch(payload -> payload instanceof Payload.SecurityAssociation
                                || payload instanceof Payload.TrafficSelectors);
    }

    /** IDr, [CERT+], AUTH, [N(PPK_IDENTITY)]. */
    private List<Payload> ourProof(Credentials credentials, Payloads request) throws Refusal {
        PeerOffer offer = sa.handshake().offer().and(PeerOffer.of(request.all()));
        List<Payload> payloads = new ArrayList<>();
        Payload.Identification id = new Payload.Identification(false, credentials.localId());
        payloads.add(id);
        if (credentials.local() instanceof LocalAuth.Signature ours) {
            payloads.addAll(ours.shown().to(offer));
        }
        OwnProof proof = OwnProof.of(sa, sa.handshake().signed(sa, false, id), offer);
        sa.proven().ours(proof.how());
        payloads.add(proof.payload());
        if (sa.keying().hasPpk()) {
            payloads.add(Payload.Notify.of(NotifyType.PPK_IDENTITY));
        }
        return payloads;
    }

    private SaTraffic.Reaction unproven(Refusal why) {
        Failure failure = why.toFailure();
        if (sa.owner().isEmpty()) {
            concerned.forEach(owner -> owner.refused(failure));
        }
        return new SaTraffic.Reaction(List.of(why.toNotify()), () -> sa.end(failure));
    }

    /** The tunnels whose identities the peer has; those whose selectors go with the request come first. */
    private List<SaOwner> named(Payloads request, Identity peer) throws Refusal {
        Optional<Identity> wanted = request.identification(false).map(Payload.Identification::identity);
        List<SaOwner> named = candidates.stream()
                .filter(candidate -> candidate.admits(sa))
                .filter(candidate -> candidate.policy().credentials().remoteId().matches(peer))
                .filter(candidate -> wanted.isEmpty()
                        || PeerIdentity.same(candidate.policy().credentials().localId(), wanted.get()))
                .sorted(Comparator.comparing((SaOwner candidate) -> !goesWith(request, candidate.policy())))
                .toList();
        if (named.isEmpty()) {
            throw new Refusal(
                    NotifyType.AUTHENTICATION_FAILED,
                    "no tunnel matches this peer: it says it is " + peer.describe() + " and wants "
                            + wanted.map(Identity::describe).orElse("anybody")
                            + "; compare remote_id and local_id");
        }
        return named;
    }

    private static boolean goesWith(Payloads request, TunnelPolicy policy) {
        try {
            ChildTerms.narrowed(request, new ChildTerms.Selectors(policy.localSelectors(), policy.remoteSelectors()));
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    private List<Payload> firstChild(Payloads request) throws Refusal {
        TunnelPolicy policy = sa.policy();
        ChildTerms.requireMode(request, policy);
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
        Optional<Payload> notice = sa.children().talk().agree(request);
        ChildKind kind = notice.isPresent() ? ChildKind.FALLBACK : ChildKind.ORDINARY;
        ChildSa child = sa.children()
                .install(
                        choice.get(),
                        spi,
                        Optional.empty(),
                        sa.handshake().initiatorNonce(),
                        sa.handshake().responderNonce(),
                        selectors,
                        sa.children().placeForAll(kind, false),
                        true);
        sa.children().add(child);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(List.of(choice.get().answer())));
        payloads.add(new Payload.TrafficSelectors(true, selectors.remote()));
        payloads.add(new Payload.TrafficSelectors(false, selectors.local()));
        notice.ifPresent(payloads::add);
        payloads.addAll(ChildTerms.mode(policy));
        return payloads;
    }
}
