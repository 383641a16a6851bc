package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.IkeChoice;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.policy.ProposalWords;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;

/** Answers the peer's CREATE_CHILD_SA that asks for another IKE SA in this one's place (RFC 7296 §1.3.2, §2.18). */
final class RekeyAnswer {
    private final IkeSa sa;

    RekeyAnswer(IkeSa sa) {
        this.sa = sa;
    }

    /** Whether {@code request} asks for that, and not for a Child SA. */
    static boolean isAsked(Payloads request) throws Refusal {
        return request.one(Payload.SecurityAssociation.class).proposals().stream()
                .anyMatch(proposal -> proposal.protocol() == ProtocolId.IKE.code());
    }

    /** SA, Nr, KEr. */
    SaTraffic.Reaction answer(Payloads request) throws Refusal {
        requireLeisure();
        Bytes peerNonce = request.one(Payload.Nonce.class).octets();
        Payload.KeyExchange peer = request.one(Payload.KeyExchange.class);
        IkeSpi localSpi = sa.bench().ikeSpi();
        try {
            return agree(request, peerNonce, peer, localSpi);
        } catch (Refusal e) {
            sa.bench().release(localSpi);
            throw e;
        }
    }

    /** What is under way for a Child SA comes first (RFC 7296 §2.25.1). */
    private void requireLeisure() throws Refusal {
        if (!sa.suite().additional().isEmpty()) {
            throw new Refusal(
                    NotifyType.NO_ADDITIONAL_SAS,
                    "an IKE SA with additional key exchanges is not rekeyed, but made anew");
        }
        if (sa.succession().hasGranted()) {
            throw new Refusal(NotifyType.TEMPORARY_FAILURE, "there is one already that waits to take its place");
        }
        if (sa.traffic().underWay().stream().anyMatch(Task::isAboutChildren)) {
            throw new Refusal(NotifyType.TEMPORARY_FAILURE, "an exchange about a Child SA is under way");
        }
    }

    private SaTraffic.Reaction agree(Payloads request, Bytes peerNonce, Payload.KeyExchange peer, IkeSpi localSpi)
            throws Refusal {
        IkeChoice choice = choose(request, peer, localSpi);
        IkeSpi peerSpi = IkeSpi.of(choice.peerSpi())
                .orElseThrow(() -> Refusal.syntax("a proposal for an IKE SA with the SPI " + choice.peerSpi()));
        Bytes nonce = sa.bench().nonce();
        try (AnsweredSecret secret = AnsweredSecret.of(
                sa.bench().algorithms(), request, choice.suite().keyExchange())) {
            IkeKeys keys = IkeKeys.deriveRekeyed(
                    sa.bench().algorithms(),
                    choice.suite(),
                    sa.suite().prf(),
                    sa.keys().skD(),
                    secret.shared().orElseThrow(),
                    peerNonce,
                    nonce,
                    peerSpi,
                    localSpi);
            IkeSa heir = sa.succession()
                    .heir(
                            new Succession.Birth(
                                    Role.RESPONDER, localSpi, sa.bench().now()),
                            peerSpi,
                            choice.suite(),
                            keys,
                            peerNonce,
                            nonce);
            List<Payload> answer = new ArrayList<>();
            answer.add(new Payload.SecurityAssociation(List.of(choice.answer())));
            answer.add(new Payload.Nonce(nonce));
            secret.payload().ifPresent(answer::add);
            return new SaTraffic.Reaction(answer, () -> sa.succession().granted(heir));
        }
    }

    private IkeChoice choose(Payloads request, Payload.KeyExchange peer, IkeSpi localSpi) throws Refusal {
        List<Proposal> offered = request.one(Payload.SecurityAssociation.class).proposals();
        List<IkeProposal> ours = sa.policy().ikeProposals();
        Optional<KeyExchangeMethod> sent = KeyExchangeMethod.of(peer.method());
        return IkeChoice.choose(offered, IkeProposal.withoutAdditional(ours), sent, localSpi.toBytes())
                .orElseThrow(() -> new Refusal(
                        NotifyType.NO_PROPOSAL_CHOSEN,
                        "no IKE proposal in common: offered " + ProposalWords.describe(offered) + "; configured "
                                + ProposalWords.describeIke(ours)));
    }
}
