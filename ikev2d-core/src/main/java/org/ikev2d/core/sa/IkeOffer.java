package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.IkeChoice;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.policy.ProposalWords;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;

/**
 * What of a rekey of the IKE SA by us is our own (RFC 7296 §1.3.2): an SPI, a nonce, a public value. Once its answer has
 * come, it is either {@link #granted} or to be given back.
 */
final class IkeOffer {
    private final IkeSa sa;
    private final List<IkeProposal> proposals;
    private final IkeSpi spi;
    private final Bytes nonce;
    private final KeyExchange keyExchange;
    private final MonoTime since;

    IkeOffer(IkeSa sa, List<IkeProposal> proposals, KeyExchangeMethod method) {
        this.sa = sa;
        this.proposals = List.copyOf(proposals);
        this.spi = sa.bench().ikeSpi();
        this.nonce = sa.bench().nonce();
        this.keyExchange = sa.bench().algorithms().keyExchange(method);
        this.since = sa.bench().now();
    }

    /** SA, Ni, KEi. */
    List<Payload> payloads() {
        return List.of(
                new Payload.SecurityAssociation(IkeChoice.offer(proposals, spi.toBytes())),
                new Payload.Nonce(nonce),
                new Payload.KeyExchange(keyExchange.method().code(), keyExchange.publicValue()));
    }

    /**
     * The IKE SA that {@code answer} makes of it.
     *
     * @throws Refusal when the answer cannot be lived with; nothing is left of the offer then, but the peer believes in it
     */
    IkeSa granted(Payloads answer) throws Refusal {
        try (FreshSecret fresh = new FreshSecret(Optional.of(keyExchange))) {
            IkeChoice choice = chosen(answer);
            IkeSpi peerSpi = IkeSpi.of(choice.peerSpi())
                    .orElseThrow(() -> Refusal.syntax("an IKE SA with the SPI " + choice.peerSpi()));
            Secret shared = fresh.agree(answer, choice.suite().keyExchange()).orElseThrow();
            Bytes peerNonce = answer.one(Payload.Nonce.class).octets();
            IkeKeys keys = IkeKeys.deriveRekeyed(
                    sa.bench().algorithms(),
                    choice.suite(),
                    sa.suite().prf(),
                    sa.keys().skD(),
                    shared,
                    nonce,
                    peerNonce,
                    spi,
                    peerSpi);
            Succession.Birth birth = new Succession.Birth(Role.INITIATOR, spi, since);
            return sa.succession().heir(birth, peerSpi, choice.suite(), keys, nonce, peerNonce);
        } catch (Refusal e) {
            sa.bench().release(spi);
            throw e;
        }
    }

    private IkeChoice chosen(Payloads answer) throws Refusal {
        Payload.SecurityAssociation agreed = answer.one(Payload.SecurityAssociation.class);
        ChildTerms.requireSingleChoice(agreed.proposals());
        return IkeChoice.choose(agreed.proposals(), proposals, Optional.of(keyExchange.method()), Bytes.empty())
                .orElseThrow(() -> new Refusal(
                        NotifyType.NO_PROPOSAL_CHOSEN,
                        "the peer chose what was not offered: " + ProposalWords.describe(agreed.proposals())));
    }

    void giveBack() {
        sa.bench().release(spi);
        keyExchange.close();
    }
}
