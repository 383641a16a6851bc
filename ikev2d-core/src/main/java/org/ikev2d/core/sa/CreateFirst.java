package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.EspChoice;
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
    private Optional<UnderWay> underWay = Optional.empty();

    private record UnderWay(EspSpi spi, Bytes nonce, Optional<KeyExchange> keyExchange) {}

    CreateFirst(IkeSa sa) {
        this.sa = sa;
        this.method = CreateChild.firstMethod(sa.policy().espProposals());
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
        UnderWay begun;
        try {
            begun = new UnderWay(
                    sa.children().pairs().reserve(sa.policy(), sa.path()),
                    sa.bench().nonce(),
                    method.map(one -> sa.bench().algorithms().keyExchange(one)));
        } catch (Refusal e) {
            sa.sayFarewell(e.toFailure());
            return Optional.empty();
        }
        underWay = Optional.of(begun);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(EspChoice.offer(proposals(), begun.spi())));
        payloads.add(new Payload.Nonce(begun.nonce()));
        begun.keyExchange()
                .ifPresent(
                        ke -> payloads.add(new Payload.KeyExchange(ke.method().code(), ke.publicValue())));
        payloads.addAll(sa.children().offerFirst());
        return Optional.of(payloads);
    }

    private List<EspProposal> proposals() {
        return sa.policy().espProposals();
    }

    @Override
    public void answered(Payloads answer) {
        UnderWay begun = underWay.orElseThrow();
        Optional<Payload.Notify> error = answer.error();
        if (error.isPresent()) {
            abandoned();
            refused(error.get());
            return;
        }
        underWay = Optional.empty();
        try (FreshSecret fresh = new FreshSecret(begun.keyExchange())) {
            EspChoice choice = ChildTerms.chosen(answer, proposals(), begun.spi(), method);
            Optional<Secret> shared = fresh.agree(answer, choice.keyExchange());
            Bytes peerNonce = answer.one(Payload.Nonce.class).octets();
            sa.children()
                    .add(sa.children().installFirst(answer, choice, begun.spi(), shared, begun.nonce(), peerNonce));
            sa.enqueue(new CheckLiveness(sa));
        } catch (Refusal e) {
            sa.children().pairs().release(sa.policy(), sa.path(), begun.spi());
            useless(e.toFailure());
        }
    }

    private void refused(Payload.Notify error) {
        Optional<KeyExchangeMethod> wanted = ChildTerms.wantedMethod(error)
                .filter(one -> proposals().stream()
                        .anyMatch(proposal -> proposal.keyExchanges().contains(one)));
        if (wanted.isPresent() && keRetries++ < KE_RETRIES) {
            method = wanted;
            sa.enqueue(this);
        } else if (sa.children().first().isEmpty()) {
            useless(PeerErrors.explain(error, ExchangeType.CREATE_CHILD_SA, sa.policy()));
        }
    }

    private void useless(Failure why) {
        if (sa.isEstablished()) {
            sa.sayFarewell(why);
        }
    }

    /** Gives the reserved SPI back. */
    @Override
    public void abandoned() {
        underWay.ifPresent(begun -> {
            sa.children().pairs().release(sa.policy(), sa.path(), begun.spi());
            begun.keyExchange().ifPresent(KeyExchange::close);
        });
        underWay = Optional.empty();
    }
}
