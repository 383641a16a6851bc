package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;

/** Asks for one further SA of a set, for one CPU (RFC 7296 §1.3.1, RFC 9611 §3). */
public final class CreateChild implements Task {
    private static final int KE_RETRIES = 2;

    private final IkeSa sa;
    private final CpuId cpu;
    private final Optional<KernelTrigger> trigger;

    private int keRetries;
    private Optional<ChildOffer> underWay = Optional.empty();

    CreateChild(IkeSa sa, CpuId cpu, Optional<KernelTrigger> trigger) {
        this.sa = sa;
        this.cpu = cpu;
        this.trigger = trigger;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.CREATE_CHILD_SA;
    }

    @Override
    public Optional<Task> movedTo(IkeSa heir) {
        return Optional.of(new CreateChild(heir, cpu, trigger));
    }

    @Override
    public Optional<List<Payload>> begin() {
        Optional<ChildSa> first = sa.children().set().first();
        Optional<Dialect> dialect = sa.children().set().dialect();
        if (first.isEmpty() || dialect.isEmpty() || !sa.children().growth().stillWants(cpu)) {
            sa.children().set().notGranted(cpu);
            return Optional.empty();
        }
        List<EspProposal> proposals =
                EspChoice.sameSuite(first.get().suite(), sa.policy().espProposals());
        Optional<KeyExchangeMethod> method =
                sa.children().set().demandedMethod().or(() -> ChildOffer.firstMethod(proposals));
        ChildOffer offer;
        try {
            offer = new ChildOffer(sa, proposals, method);
        } catch (Refusal e) {
            sa.children().growth().failed(cpu, e);
            return Optional.empty();
        }
        underWay = Optional.of(offer);
        sa.children().set().sent(cpu);
        List<Payload> payloads = new ArrayList<>(offer.payloads());
        payloads.add(new Payload.TrafficSelectors(true, selectors(first.get().localSelectors(), true)));
        payloads.add(new Payload.TrafficSelectors(false, selectors(first.get().remoteSelectors(), false)));
        payloads.add(sa.children().talk().further(dialect.get()));
        payloads.addAll(ChildTerms.mode(sa.policy()));
        return Optional.of(payloads);
    }

    /** The fallback's, with the triggering packet's in front (RFC 7296 §2.9). */
    private List<TrafficSelector> selectors(List<TrafficSelector> whole, boolean source) {
        return trigger.map(one -> one.before(whole, source)).orElse(whole);
    }

    @Override
    public void answered(Payloads answer) {
        ChildOffer offer = underWay.orElseThrow();
        underWay = Optional.empty();
        sa.children().set().answered(cpu);
        Optional<Payload.Notify> error = answer.error();
        if (error.isPresent()) {
            offer.giveBack();
            refused(error.get());
            return;
        }
        try {
            ChildOffer.Made made = offer.granted(
                    answer, (choice, shared, peerNonce) -> install(answer, offer, choice, shared, peerNonce));
            sa.children().add(made.child());
            if (!sa.children().set().isAsking()) {
                // The last of a row: a word more, and the peer is sure that we have its answer.
                sa.enqueue(new CheckLiveness(sa));
            }
        } catch (Refusal e) {
            // The peer believes in the SA: it has to be told that there is none.
            sa.enqueue(new DeleteChild(sa, offer.spi(), () -> {}));
            sa.children().growth().failed(cpu, e);
        }
    }

    private ChildSa install(
            Payloads answer, ChildOffer offer, EspChoice choice, Optional<Secret> shared, Bytes peerNonce)
            throws Refusal {
        ChildSa first = sa.children()
                .set()
                .first()
                .orElseThrow(() -> new Refusal(NotifyType.TEMPORARY_FAILURE, "the set's first SA has gone"));
        Dialect dialect = sa.children().set().dialect().orElseThrow();
        if (!sa.children().talk().isFurther(answer, dialect)) {
            throw new Refusal(
                    NotifyType.NO_ADDITIONAL_SAS, "the peer made an ordinary SA where one for a CPU was asked for");
        }
        ChildTerms.requireMode(answer, sa.policy());
        return sa.children()
                .install(
                        choice,
                        offer.spi(),
                        shared,
                        offer.nonce(),
                        peerNonce,
                        ChildTerms.sameSelectors(answer, true, first),
                        new SaChildren.Place(ChildKind.PER_CPU, Optional.of(cpu), true, sequence(), 0),
                        false);
    }

    private int sequence() {
        return trigger.map(KernelTrigger::sequence).orElse(0);
    }

    private void refused(Payload.Notify error) {
        Optional<KeyExchangeMethod> wanted =
                ChildOffer.wantedMethod(error, sa.policy().espProposals());
        if (wanted.isPresent() && keRetries++ < KE_RETRIES) {
            sa.children().set().demandsMethod(wanted.get());
            sa.enqueue(this);
            return;
        }
        sa.children().growth().refused(cpu, error);
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
