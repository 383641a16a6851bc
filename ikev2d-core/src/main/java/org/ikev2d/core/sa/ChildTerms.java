package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.ProposalWords;
import org.ikev2d.core.policy.SelectorNarrowing;
import org.ikev2d.core.policy.SelectorSplit;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.TrafficSelector;

/** What both roles check before they agree to a Child SA. */
final class ChildTerms {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;

    private ChildTerms() {}

    /** Seen from our end, normalized. */
    record Selectors(List<TrafficSelector> local, List<TrafficSelector> remote) {}

    static boolean hasPorts(int ipProtocol) {
        return ipProtocol == TCP || ipProtocol == UDP || ipProtocol == SCTP;
    }

    /** What the peer chose of our {@code offer}: one proposal, with one transform of each type. */
    static EspChoice chosen(Payloads answer, List<EspProposal> offer, EspSpi localSpi, Optional<KeyExchangeMethod> sent)
            throws Refusal {
        List<Proposal> proposals = answer.one(Payload.SecurityAssociation.class).proposals();
        requireSingleChoice(proposals);
        EspChoice choice = EspChoice.choose(proposals, offer, sent, localSpi)
                .orElseThrow(() -> new Refusal(
                        NotifyType.NO_PROPOSAL_CHOSEN,
                        "the peer chose what was not offered: " + ProposalWords.describe(proposals)));
        if (choice.keyExchange() != KeyExchangeMethod.NONE
                && sent.filter(choice.keyExchange()::equals).isEmpty()) {
            throw FreshSecret.wrongMethod(choice.keyExchange());
        }
        return choice;
    }

    /** Goes with an SA payload, and asks for transport mode or grants it, where the tunnel has that (RFC 7296 §1.3.1). */
    static List<Payload> mode(TunnelPolicy policy) {
        return policy.mode() == EspMode.TRANSPORT
                ? List.of(Payload.Notify.of(NotifyType.USE_TRANSPORT_MODE))
                : List.of();
    }

    /**
     * Whether {@code message} goes along with our mode. Where that is tunnel mode, the peer's wish for transport mode is
     * declined by passing it over.
     */
    static void requireMode(Payloads message, TunnelPolicy policy) throws Refusal {
        if (policy.mode() == EspMode.TRANSPORT && !message.has(NotifyType.USE_TRANSPORT_MODE)) {
            throw new Refusal(
                    NotifyType.NO_PROPOSAL_CHOSEN,
                    "the peer goes for tunnel mode (no USE_TRANSPORT_MODE), and mode is \"transport\" here");
        }
    }

    /** An answer names one proposal and one transform of each type (RFC 7296 §2.7). */
    static void requireSingleChoice(List<Proposal> proposals) throws Refusal {
        boolean single = proposals.size() == 1
                && proposals.get(0).transforms().stream()
                                .map(transform -> transform.type())
                                .distinct()
                                .count()
                        == proposals.get(0).transforms().size();
        if (!single) {
            throw Refusal.syntax("the peer's answer is not a single choice: " + ProposalWords.describe(proposals));
        }
    }

    /** The method that INVALID_KE_PAYLOAD asks for, if {@code error} is that and we know it. */
    static Optional<KeyExchangeMethod> wantedMethod(Payload.Notify error) {
        Bytes data = error.data();
        return error.notifyType() == NotifyType.INVALID_KE_PAYLOAD.code() && data.size() == 2
                ? KeyExchangeMethod.of((data.at(0) << 8) | data.at(1))
                        .filter(method -> method != KeyExchangeMethod.NONE)
                : Optional.empty();
    }

    /**
     * The selectors of {@code message}.
     *
     * @param weInitiate whether TSi is our end's
     */
    static Selectors selectors(Payloads message, boolean weInitiate) throws Refusal {
        return new Selectors(message.selectors(weInitiate), message.selectors(!weInitiate));
    }

    /** What of a request's selectors {@code allowed} leaves. */
    static Selectors narrowed(Payloads request, Selectors allowed) throws Refusal {
        Selectors offered = selectors(request, false);
        Selectors common = new Selectors(
                SelectorNarrowing.narrow(offered.local(), allowed.local()),
                SelectorNarrowing.narrow(offered.remote(), allowed.remote()));
        if (common.local().isEmpty() || common.remote().isEmpty()) {
            throw new Refusal(
                    NotifyType.TS_UNACCEPTABLE,
                    "no selectors in common: the peer offers " + words(offered) + ", configured is " + words(allowed));
        }
        return bounded(common);
    }

    /** What the peer leaves of our selectors must not cost the kernel more policies than a configuration may. */
    private static Selectors bounded(Selectors selectors) throws Refusal {
        boolean fits = selectors.local().size() <= SelectorSplit.LIMIT
                && selectors.remote().size() <= SelectorSplit.LIMIT
                && SelectorSplit.count(selectors.local(), selectors.remote()) <= SelectorSplit.LIMIT;
        if (!fits) {
            throw new Refusal(
                    NotifyType.TS_UNACCEPTABLE,
                    "the peer's selectors would need more than " + SelectorSplit.LIMIT + " policies");
        }
        return selectors;
    }

    /** The selectors of an answer to our {@code offer}: within it. */
    static Selectors granted(Payloads answer, Selectors offer) throws Refusal {
        Selectors granted = selectors(answer, true);
        if (granted.local().isEmpty()
                || granted.remote().isEmpty()
                || !SelectorNarrowing.within(granted.local(), offer.local())
                || !SelectorNarrowing.within(granted.remote(), offer.remote())) {
            throw new Refusal(
                    NotifyType.TS_UNACCEPTABLE,
                    "the peer's selectors " + words(granted) + " are not within those offered, " + words(offer));
        }
        return bounded(new Selectors(
                SelectorNarrowing.normalized(granted.local()), SelectorNarrowing.normalized(granted.remote())));
    }

    /**
     * The selectors of a further SA of the set that {@code first} began: the same as its (RFC 9611 §3).
     *
     * @param weInitiate whether {@code message} is an answer to us
     */
    static Selectors sameSelectors(Payloads message, boolean weInitiate, ChildSa first) throws Refusal {
        Selectors whole = new Selectors(first.localSelectors(), first.remoteSelectors());
        Selectors agreed = weInitiate ? granted(message, whole) : narrowed(message, whole);
        if (!agreed.equals(whole)) {
            throw new Refusal(NotifyType.TS_UNACCEPTABLE, "the SAs of a set have the same selectors: " + words(whole));
        }
        return agreed;
    }

    /** Our end's first. */
    private static String words(Selectors selectors) {
        return words(selectors.local()) + " === " + words(selectors.remote());
    }

    private static String words(List<TrafficSelector> selectors) {
        return selectors.stream().map(TrafficSelector::describe).collect(Collectors.joining(","));
    }
}
