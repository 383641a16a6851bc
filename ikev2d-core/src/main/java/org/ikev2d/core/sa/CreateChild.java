package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.KeyExchange;
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
    private Optional<UnderWay> underWay = Optional.empty();

    private record UnderWay(EspSpi spi, Bytes nonce, List<EspProposal> proposals, Optional<KeyExchange> keyExchange) {}

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
        EspSpi spi;
        try {
            spi = sa.children().pairs().reserve(sa.policy(), sa.path());
        } catch (Refusal e) {
            sa.children().growth().failed(cpu, e);
            return Optional.empty();
        }
        Optional<KeyExchange> keyExchange = sa.children()
                .set()
                .demandedMethod()
                .or(() -> firstMethod(proposals))
                .map(method -> sa.bench().algorithms().keyExchange(method));
        UnderWay begun = new UnderWay(spi, sa.bench().nonce(), proposals, keyExchange);
        underWay = Optional.of(begun);
        sa.children().set().sent(cpu);
        return Optional.of(request(begun, first.get(), dialect.get()));
    }

    static Optional<KeyExchangeMethod> firstMethod(List<EspProposal> proposals) {
        return proposals.stream()
                .flatMap(proposal -> proposal.keyExchanges().stream())
                .filter(method -> method != KeyExchangeMethod.NONE)
                .findFirst();
    }

    private List<Payload> request(UnderWay begun, ChildSa first, Dialect dialect) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(EspChoice.offer(begun.proposals(), begun.spi())));
        payloads.add(new Payload.Nonce(begun.nonce()));
        begun.keyExchange()
                .ifPresent(
                        ke -> payloads.add(new Payload.KeyExchange(ke.method().code(), ke.publicValue())));
        payloads.add(new Payload.TrafficSelectors(true, selectors(first.localSelectors(), true)));
        payloads.add(new Payload.TrafficSelectors(false, selectors(first.remoteSelectors(), false)));
        payloads.add(sa.children().notices().further(dialect));
        payloads.addAll(ChildTerms.mode(sa.policy()));
        return payloads;
    }

    /** The fallback's, with the triggering packet's in front (RFC 7296 §2.9). */
    private List<TrafficSelector> selectors(List<TrafficSelector> whole, boolean source) {
        return trigger.map(one -> one.before(whole, source)).orElse(whole);
    }

    @Override
    public void answered(Payloads answer) {
        UnderWay begun = underWay.orElseThrow();
        underWay = Optional.empty();
        sa.children().set().answered(cpu);
        Optional<Payload.Notify> error = answer.error();
        if (error.isPresent()) {
            give(begun);
            refused(error.get());
            return;
        }
        try (FreshSecret fresh = new FreshSecret(begun.keyExchange())) {
            sa.children().add(granted(answer, begun, fresh));
            if (!sa.children().set().isAsking()) {
                // The last of a row: a word more, and the peer is sure that we have its answer.
                sa.enqueue(new CheckLiveness(sa));
            }
        } catch (Refusal e) {
            // The peer believes in the SA: it has to be told that there is none.
            sa.children().pairs().release(sa.policy(), sa.path(), begun.spi());
            sa.enqueue(new DeleteChild(sa, begun.spi()));
            sa.children().growth().failed(cpu, e);
        }
    }

    private ChildSa granted(Payloads answer, UnderWay begun, FreshSecret fresh) throws Refusal {
        ChildSa first = sa.children()
                .set()
                .first()
                .orElseThrow(() -> new Refusal(NotifyType.TEMPORARY_FAILURE, "the set's first SA has gone"));
        Dialect dialect = sa.children().set().dialect().orElseThrow();
        if (!sa.children().notices().isFurther(answer, dialect)) {
            throw new Refusal(
                    NotifyType.NO_ADDITIONAL_SAS, "the peer made an ordinary SA where one for a CPU was asked for");
        }
        ChildTerms.requireMode(answer, sa.policy());
        EspChoice choice = ChildTerms.chosen(answer, begun.proposals(), begun.spi(), method(begun));
        Optional<Secret> shared = fresh.agree(answer, choice.keyExchange());
        return sa.children()
                .install(
                        choice,
                        begun.spi(),
                        shared,
                        begun.nonce(),
                        answer.one(Payload.Nonce.class).octets(),
                        ChildTerms.sameSelectors(answer, true, first),
                        new SaChildren.Place(ChildKind.PER_CPU, Optional.of(cpu), true, sequence()),
                        false);
    }

    private int sequence() {
        return trigger.map(KernelTrigger::sequence).orElse(0);
    }

    private static Optional<KeyExchangeMethod> method(UnderWay begun) {
        return begun.keyExchange().map(KeyExchange::method);
    }

    private void refused(Payload.Notify error) {
        Optional<KeyExchangeMethod> wanted = ChildTerms.wantedMethod(error)
                .filter(method -> sa.policy().espProposals().stream()
                        .anyMatch(proposal -> proposal.keyExchanges().contains(method)));
        if (wanted.isPresent() && keRetries++ < KE_RETRIES) {
            sa.children().set().demandsMethod(wanted.get());
            sa.enqueue(this);
            return;
        }
        sa.children().growth().refused(cpu, error);
    }

    @Override
    public void abandoned() {
        underWay.ifPresent(this::give);
        underWay = Optional.empty();
    }

    private void give(UnderWay begun) {
        sa.children().pairs().release(sa.policy(), sa.path(), begun.spi());
        begun.keyExchange().ifPresent(KeyExchange::close);
    }
}
