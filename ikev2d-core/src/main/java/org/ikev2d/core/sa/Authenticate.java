package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.auth.PskAuthentication;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.AuthMethod;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.Payload;

/** IKE_AUTH as its initiator: proves us, has the peer prove itself, and makes the first Child SA (RFC 7296 §1.2). */
final class Authenticate implements Task {
    private final IkeSa sa;
    private Optional<EspSpi> reserved = Optional.empty();

    Authenticate(IkeSa sa) {
        this.sa = sa;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.IKE_AUTH;
    }

    @Override
    public Optional<List<Payload>> begin() {
        TunnelPolicy policy = sa.policy();
        EspSpi spi;
        try {
            spi = sa.children().pairs().reserve(policy, sa.path());
        } catch (Refusal e) {
            sa.end(e.toFailure());
            return Optional.empty();
        }
        reserved = Optional.of(spi);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.Identification(true, policy.localId()));
        if (sa.owner().orElseThrow().isInitialContact()) {
            payloads.add(Payload.Notify.of(NotifyType.INITIAL_CONTACT));
        }
        payloads.add(new Payload.Identification(false, policy.remoteId()));
        payloads.add(new Payload.Authentication(
                AuthMethod.SHARED_KEY_MIC.code(),
                PskAuthentication.compute(
                        sa.bench().algorithms(), sa.suite().prf(), policy.psk(), signed(policy.localId(), true))));
        payloads.add(new Payload.SecurityAssociation(EspChoice.offer(proposals(), spi)));
        payloads.add(new Payload.TrafficSelectors(true, policy.localSelectors()));
        payloads.add(new Payload.TrafficSelectors(false, policy.remoteSelectors()));
        sa.children().offerSet().ifPresent(payloads::add);
        return Optional.of(payloads);
    }

    @Override
    public void answered(Payloads answer) throws Refusal {
        try {
            Optional<Payload.Notify> error = answer.error();
            if (error.isPresent()
                    && answer.atMostOne(Payload.Authentication.class).isEmpty()) {
                abandoned();
                sa.end(PeerErrors.explain(error.get(), ExchangeType.IKE_AUTH));
                return;
            }
            verifyPeer(answer);
            if (error.isPresent()) {
                useless(PeerErrors.explain(error.get(), ExchangeType.IKE_AUTH));
                return;
            }
            sa.children().add(firstChild(answer));
        } catch (Refusal e) {
            useless(e.toFailure());
            return;
        }
        sa.established(false);
        if (!sa.children().set().isAsking()) {
            // A word more, and the peer is sure that we have its answer.
            sa.checkLiveness();
        }
    }

    /** The peer has an IKE SA now that is of no use: it is told so. */
    private void useless(Failure why) {
        abandoned();
        sa.sayFarewell(why);
    }

    private void verifyPeer(Payloads answer) throws Refusal {
        TunnelPolicy policy = sa.policy();
        Identity claimed = answer.identity(false)
                .orElseThrow(() -> Refusal.syntax("IKE_AUTH: expected one IDr payload, found none"));
        if (!claimed.equals(policy.remoteId())) {
            throw new Refusal(
                    NotifyType.AUTHENTICATION_FAILED,
                    "the peer says it is " + claimed.describe() + ", remote_id is "
                            + policy.remoteId().describe());
        }
        Payload.Authentication proof = answer.one(Payload.Authentication.class);
        boolean proven = proof.method() == AuthMethod.SHARED_KEY_MIC.code()
                && PskAuthentication.verify(
                        sa.bench().algorithms(), sa.suite().prf(), policy.psk(), signed(claimed, false), proof.data());
        if (!proven) {
            throw new Refusal(
                    NotifyType.AUTHENTICATION_FAILED, "the peer's proof does not fit our PSK: compare the PSKs");
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

    private ChildSa firstChild(Payloads answer) throws Refusal {
        EspSpi spi = reserved.orElseThrow();
        EspChoice choice = ChildTerms.chosen(answer, proposals(), spi, Optional.empty());
        ChildTerms.Selectors selectors = ChildTerms.granted(
                answer,
                new ChildTerms.Selectors(
                        sa.policy().localSelectors(), sa.policy().remoteSelectors()));
        sa.children().agreedOnOffer(answer);
        ChildKind kind = sa.children().isSet() ? ChildKind.FALLBACK : ChildKind.ORDINARY;
        ChildSa child = sa.children()
                .install(
                        choice,
                        spi,
                        Optional.empty(),
                        sa.handshake().initiatorNonce(),
                        sa.handshake().responderNonce(),
                        selectors,
                        new SaChildren.Place(kind, Optional.empty(), true, 0),
                        false);
        reserved = Optional.empty();
        return child;
    }

    private List<EspProposal> proposals() {
        return EspChoice.withoutKeyExchange(sa.policy().espProposals());
    }

    /** Gives the reserved SPI back. */
    @Override
    public void abandoned() {
        reserved.ifPresent(spi -> sa.children().pairs().release(sa.policy(), sa.path(), spi));
        reserved = Optional.empty();
    }
}
