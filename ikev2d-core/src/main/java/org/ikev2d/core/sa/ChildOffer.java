package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;

/**
 * What of a CREATE_CHILD_SA of ours is our own (RFC 7296 §1.3): an SPI, a nonce, a public value. Once its answer has come,
 * it is either {@link #granted} or to be given back.
 */
final class ChildOffer {
    /** A peer that deletes more of what we do not know means something else. */
    private static final int MOST_DELETED = 64;

    private final IkeSa sa;
    private final List<EspProposal> proposals;
    private final EspSpi spi;
    private final Bytes nonce;
    private final Optional<KeyExchange> keyExchange;
    private final Set<EspSpi> deleted = new HashSet<>();

    /**
     * An SA that came of it.
     *
     * @param lowerNonce the lower one of the exchange's two (RFC 7296 §2.8.1)
     */
    record Made(ChildSa child, Bytes lowerNonce) {}

    /** Puts in what was granted. */
    @FunctionalInterface
    interface Installer {
        /** @param shared lent */
        ChildSa install(EspChoice choice, Optional<Secret> shared, Bytes peerNonce) throws Refusal;
    }

    /**
     * @param method of the KE payload; empty: none
     * @throws Refusal when the kernel gives no SPI
     */
    ChildOffer(IkeSa sa, List<EspProposal> proposals, Optional<KeyExchangeMethod> method) throws Refusal {
        this.sa = sa;
        this.proposals = List.copyOf(proposals);
        this.spi = sa.children().pairs().reserve(sa.policy(), sa.path());
        this.nonce = sa.bench().nonce();
        this.keyExchange = method.map(one -> sa.bench().algorithms().keyExchange(one));
    }

    /** The method to begin with. */
    static Optional<KeyExchangeMethod> firstMethod(List<EspProposal> proposals) {
        return proposals.stream()
                .flatMap(proposal -> proposal.keyExchanges().stream())
                .filter(method -> method != KeyExchangeMethod.NONE)
                .findFirst();
    }

    /** The method that the peer wants in place of the one that it was sent, if it is one of {@code proposals}. */
    static Optional<KeyExchangeMethod> wantedMethod(Payload.Notify error, List<EspProposal> proposals) {
        return ChildTerms.wantedMethod(error)
                .filter(method -> proposals.stream()
                        .anyMatch(proposal -> proposal.keyExchanges().contains(method)));
    }

    static Bytes lower(Bytes one, Bytes other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Our inbound half's. */
    EspSpi spi() {
        return spi;
    }

    Bytes nonce() {
        return nonce;
    }

    /** The peer has deleted {@code spi} before the answer has come; that was lost, and is given again. */
    void peerDeleted(EspSpi spi) {
        if (deleted.size() < MOST_DELETED) {
            deleted.add(spi);
        }
    }

    /** SA, Ni, [KEi]. */
    List<Payload> payloads() {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(EspChoice.offer(proposals, spi)));
        payloads.add(new Payload.Nonce(nonce));
        keyExchange.ifPresent(
                own -> payloads.add(new Payload.KeyExchange(own.method().code(), own.publicValue())));
        return payloads;
    }

    /**
     * What {@code answer} grants, put in by {@code installer}.
     *
     * @throws Refusal when it cannot be lived with; nothing is left of the offer then, but the peer believes in the SA
     */
    Made granted(Payloads answer, Installer installer) throws Refusal {
        try (FreshSecret fresh = new FreshSecret(keyExchange)) {
            EspChoice choice = ChildTerms.chosen(answer, proposals, spi, keyExchange.map(KeyExchange::method));
            if (deleted.contains(choice.peerSpi())) {
                throw new Refusal(NotifyType.TEMPORARY_FAILURE, "the peer has deleted the new SA already");
            }
            Optional<Secret> shared = fresh.agree(answer, choice.keyExchange());
            Bytes peerNonce = answer.one(Payload.Nonce.class).octets();
            return new Made(installer.install(choice, shared, peerNonce), lower(nonce, peerNonce));
        } catch (Refusal e) {
            release();
            throw e;
        }
    }

    void giveBack() {
        release();
        keyExchange.ifPresent(KeyExchange::close);
    }

    private void release() {
        sa.children().pairs().release(sa.policy(), sa.path(), spi);
    }
}
