package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.QueueNotices;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.ProposalWords;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;

/** Answers the peer's CREATE_CHILD_SA (RFC 7296 §1.3, RFC 9611 §3). */
final class ChildAnswer {
    private final IkeSa sa;

    ChildAnswer(IkeSa sa) {
        this.sa = sa;
    }

    /**
     * What the new SA is to be.
     *
     * @param like whose selectors it has; empty for a first one, which has what the policy allows
     * @param old in whose place it is put
     * @param notice the notify that the answer carries
     */
    private record Plan(
            SaChildren.Place place, Optional<ChildSa> like, Optional<ChildSa> old, Optional<Payload> notice) {}

    /** Of what is asked on an IKE SA that is on its way out, nothing is done (RFC 7296 §2.25.2). */
    SaTraffic.Reaction answer(Payloads request) throws Refusal {
        sa.succession().used();
        if (!sa.isEstablished()) {
            throw new Refusal(NotifyType.TEMPORARY_FAILURE, "the IKE SA is " + sa.state());
        }
        if (RekeyAnswer.isAsked(request)) {
            return new RekeyAnswer(sa).answer(request);
        }
        if (sa.succession().isUnderWay()) {
            throw new Refusal(NotifyType.TEMPORARY_FAILURE, "the IKE SA is being rekeyed");
        }
        return SaTraffic.Reaction.of(child(request));
    }

    private List<Payload> child(Payloads request) throws Refusal {
        List<Proposal> offered = request.one(Payload.SecurityAssociation.class).proposals();
        ChildTerms.requireMode(request, sa.policy());
        Plan plan = plan(request);
        ChildTerms.Selectors selectors = plan.like().isPresent()
                ? ChildTerms.sameSelectors(request, false, plan.like().get())
                : ChildTerms.narrowed(
                        request,
                        new ChildTerms.Selectors(
                                sa.policy().localSelectors(), sa.policy().remoteSelectors()));
        Optional<Payload.KeyExchange> peer = request.atMostOne(Payload.KeyExchange.class);
        Optional<KeyExchangeMethod> sent = peer.isEmpty()
                ? Optional.of(KeyExchangeMethod.NONE)
                : peer.flatMap(payload -> KeyExchangeMethod.of(payload.method()));
        EspSpi spi = sa.children().pairs().reserve(sa.policy(), sa.path());
        try {
            return agree(request, offered, plan, selectors, sent, spi);
        } catch (Refusal e) {
            sa.children().pairs().release(sa.policy(), sa.path(), spi);
            throw e;
        }
    }

    private List<Payload> agree(
            Payloads request,
            List<Proposal> offered,
            Plan plan,
            ChildTerms.Selectors selectors,
            Optional<KeyExchangeMethod> sent,
            EspSpi spi)
            throws Refusal {
        EspChoice choice = EspChoice.choose(offered, acceptable(plan), sent, spi)
                .orElseThrow(() -> new Refusal(
                        NotifyType.NO_PROPOSAL_CHOSEN,
                        "no ESP proposal in common: offered " + ProposalWords.describe(offered) + "; configured "
                                + ProposalWords.describeEsp(sa.policy().espProposals())));
        if (choice.keyExchange() != KeyExchangeMethod.NONE
                && sent.filter(choice.keyExchange()::equals).isEmpty()) {
            throw FreshSecret.wrongMethod(choice.keyExchange());
        }
        Bytes nonce = sa.bench().nonce();
        try (AnsweredSecret secret = AnsweredSecret.of(sa.bench().algorithms(), request, choice.keyExchange())) {
            ChildSa child = sa.children()
                    .install(
                            choice,
                            spi,
                            secret.shared(),
                            request.one(Payload.Nonce.class).octets(),
                            nonce,
                            selectors,
                            plan.place(),
                            true);
            List<Payload> answer = new ArrayList<>();
            answer.add(new Payload.SecurityAssociation(List.of(choice.answer())));
            answer.add(new Payload.Nonce(nonce));
            secret.payload().ifPresent(answer::add);
            answer.add(new Payload.TrafficSelectors(true, selectors.remote()));
            answer.add(new Payload.TrafficSelectors(false, selectors.local()));
            plan.notice().ifPresent(answer::add);
            answer.addAll(ChildTerms.mode(sa.policy()));
            sa.children().add(child);
            Bytes peerNonce = request.one(Payload.Nonce.class).octets();
            plan.old().ifPresent(old -> sa.children().rekeys().granted(old, child, ChildOffer.lower(nonce, peerNonce)));
            return answer;
        }
    }

    /** A further SA has the first one's algorithms (RFC 9611 §3). */
    private List<EspProposal> acceptable(Plan plan) {
        return plan.like()
                .map(child -> EspChoice.sameSuite(child.suite(), sa.policy().espProposals()))
                .orElse(sa.policy().espProposals());
    }

    private Plan plan(Payloads request) throws Refusal {
        Optional<Payload.Notify> rekey = request.notifies()
                .filter(notify -> notify.notifyType() == NotifyType.REKEY_SA.code())
                .findFirst();
        if (rekey.isPresent()) {
            return successor(request, rekey.get());
        }
        Optional<ChildSa> first = sa.children().set().first();
        if (first.isEmpty()) {
            Optional<Payload> notice = sa.children().talk().agree(request);
            ChildKind kind = notice.isPresent() ? ChildKind.FALLBACK : ChildKind.ORDINARY;
            return new Plan(sa.children().placeForAll(kind, false), Optional.empty(), Optional.empty(), notice);
        }
        Optional<Dialect> dialect = sa.children().set().dialect();
        if (dialect.isEmpty() || !sa.children().talk().isFurther(request, dialect.get())) {
            throw new Refusal(
                    NotifyType.NO_ADDITIONAL_SAS,
                    "there is an SA for this traffic, and the request is not for one of a set");
        }
        if (sa.children().set().isClosed(sa.bench().cpus(), sa.role() == Role.INITIATOR)) {
            throw QueueNotices.tooMany(
                    dialect.get(), sa.children().set().limit(sa.bench().cpus()));
        }
        return new Plan(
                new SaChildren.Place(
                        ChildKind.PER_CPU,
                        Optional.of(sa.children().set().leastLoaded(sa.bench().cpus())),
                        false,
                        0,
                        0),
                first,
                Optional.empty(),
                Optional.of(sa.children().talk().further(dialect.get())));
    }

    /** The SA that takes the place of the one that the peer rekeys; it stays on its CPU. The peer deletes the old one. */
    private Plan successor(Payloads request, Payload.Notify rekey) throws Refusal {
        Optional<EspSpi> named = EspSpi.of(rekey.spi());
        if (named.filter(sa.children().rekeys()::isClosing).isPresent()) {
            throw new Refusal(NotifyType.TEMPORARY_FAILURE, "the SA is being deleted");
        }
        ChildSa old = named.flatMap(sa.children().set()::byOutbound).orElseThrow(() -> Refusal.childNotFound(rekey));
        Optional<Payload> notice =
                request.has(NotifyType.SA_RESOURCE_INFO) ? sa.children().talk().rekeying(old.kind()) : Optional.empty();
        // Each SA may have one successor beside it; a peer that deletes none gets no more.
        int most = 2 * (1 + sa.children().set().limit(sa.bench().cpus()));
        if (sa.children().all().size() >= most) {
            throw new Refusal(NotifyType.TEMPORARY_FAILURE, "SAs that were rekeyed have to be deleted first");
        }
        return new Plan(SaChildren.Place.after(old), Optional.of(old), Optional.of(old), notice);
    }
}
