package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;

/** Makes the first Child SA of an IKE SA that has come up without one (RFC 7296 §1.3.1). An IKE SA without is of no use. */
final class CreateFirst implements Task {
    private static final int KE_RETRIES = 2;

    private final IkeSa sa;

    private int keRetries;
    private Optional<KeyExchangeMethod> method;
    private Optional<ChildOffer> underWay = Optional.empty();

    CreateFirst(IkeSa sa) {
        this.sa = sa;
        this.method = ChildOffer.firstMethod(sa.policy().espProposals());
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.CREATE_CHILD_SA;
    }

    @Override
    public Optional<Task> movedTo(IkeSa heir) {
        return Optional.of(new CreateFirst(heir));
    }

    /** SA, Ni, [KEi], TSi, TSr; none where the peer was quicker. */
    @Override
    public Optional<List<Payload>> begin() {
        if (sa.children().first().isPresent()) {
            return Optional.empty();
        }
        ChildOffer offer;
        try {
            offer = new ChildOffer(sa, proposals(), method);
        } catch (Refusal e) {
            sa.farewell().say(e.toFailure());
            return Optional.empty();
        }
        underWay = Optional.of(offer);
        List<Payload> payloads = new ArrayList<>(offer.payloads());
        payloads.addAll(sa.children().offerFirst());
        return Optional.of(payloads);
    }

    private List<EspProposal> proposals() {
        return sa.policy().espProposals();
    }

    @Override
    public void answered(Payloads answer) {
        ChildOffer offer = underWay.orElseThrow();
        Optional<Payload.Notify> error = answer.error();
        if (error.isPresent()) {
            abandoned();
            refused(error.get());
            return;
        }
        underWay = Optional.empty();
        try {
            ChildOffer.Made made = offer.granted(
                    answer,
                    (choice, shared, peerNonce) ->
                            sa.children().installFirst(answer, choice, offer.spi(), shared, offer.nonce(), peerNonce));
            sa.children().add(made.child());
            sa.enqueue(new CheckLiveness(sa));
        } catch (Refusal e) {
            useless(e.toFailure());
        }
    }

    private void refused(Payload.Notify error) {
        Optional<KeyExchangeMethod> wanted = ChildOffer.wantedMethod(error, proposals());
        if (wanted.isPresent() && keRetries++ < KE_RETRIES) {
            method = wanted;
            sa.enqueue(this);
        } else if (sa.children().first().isEmpty()) {
            useless(PeerErrors.explain(error, ExchangeType.CREATE_CHILD_SA, sa.policy()));
        }
    }

    private void useless(Failure why) {
        if (sa.isEstablished()) {
            sa.farewell().say(why);
        }
    }

    @Override
    public void peerDeleted(EspSpi spi) {
        underWay.ifPresent(offer -> offer.peerDeleted(spi));
    }

    /** Gives the reserved SPI back. */
    @Override
    public void abandoned() {
        underWay.ifPresent(ChildOffer::giveBack);
        underWay = Optional.empty();
    }
}
