package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.IkeChoice;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.wire.Payload;

/**
 * Puts another IKE SA in the place of one: other keys, the same Child SAs, in the kernel no change (RFC 7296 §1.3.2, §2.18).
 */
final class RekeyIke implements Task {
    private static final int KE_RETRIES = 2;

    private final IkeSa sa;

    private int keRetries;
    private Optional<KeyExchangeMethod> demanded = Optional.empty();
    private Optional<IkeOffer> underWay = Optional.empty();

    RekeyIke(IkeSa sa) {
        this.sa = sa;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.CREATE_CHILD_SA;
    }

    /** Nothing is begun on an IKE SA that is being rekeyed (RFC 7296 §1.3.2). */
    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public boolean isAboutChildren() {
        return false;
    }

    /** SA, Ni, KEi; none where the peer was quicker. */
    @Override
    public Optional<List<Payload>> begin() {
        if (!sa.isEstablished()) {
            return Optional.empty();
        }
        if (!sa.suite().additional().isEmpty()) {
            sa.succession().impossible("it has additional key exchanges");
            return Optional.empty();
        }
        IkeOffer offer =
                new IkeOffer(sa, proposals(), demanded.orElse(sa.suite().keyExchange()));
        underWay = Optional.of(offer);
        sa.succession().begun();
        return Optional.of(offer.payloads());
    }

    /** Those in use first (RFC 7296 §2.8). */
    private List<IkeProposal> proposals() {
        return IkeChoice.sameFirst(
                sa.suite(), IkeProposal.withoutAdditional(sa.policy().ikeProposals()));
    }

    @Override
    public void answered(Payloads answer) throws Refusal {
        IkeOffer offer = underWay.orElseThrow();
        underWay = Optional.empty();
        Optional<Payload.Notify> error = answer.error();
        if (error.isPresent()) {
            offer.giveBack();
            refused(error.get());
        } else {
            made(offer, answer);
        }
    }

    private void made(IkeOffer offer, Payloads answer) throws Refusal {
        IkeSa heir;
        try {
            heir = offer.granted(answer);
        } catch (Refusal e) {
            sa.succession().abandoned();
            throw e;
        }
        sa.succession().made(heir);
    }

    private void refused(Payload.Notify error) {
        Optional<KeyExchangeMethod> wanted = ChildTerms.wantedMethod(error)
                .filter(method -> proposals().stream()
                        .anyMatch(proposal -> proposal.keyExchanges().contains(method)));
        if (sa.isEstablished() && !sa.succession().hasGranted() && wanted.isPresent() && keRetries++ < KE_RETRIES) {
            sa.succession().abandoned();
            demanded = wanted;
            sa.enqueue(this);
        } else {
            sa.succession().refused(error);
        }
    }

    /** Gives the SPI back. */
    @Override
    public void abandoned() {
        underWay.ifPresent(IkeOffer::giveBack);
        underWay = Optional.empty();
        sa.succession().abandoned();
    }
}
