package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;

/**
 * Puts another Child SA in the place of one: the same traffic, algorithms and CPU, other keys (RFC 7296 §1.3.3, §2.8). The
 * old one is deleted when the new one carries the traffic.
 */
final class RekeyChild implements Task {
    private static final int KE_RETRIES = 2;

    private final SaChildren children;
    private final ChildSa old;

    private int keRetries;
    private Optional<ChildOffer> underWay = Optional.empty();
    private Optional<Rival> rival = Optional.empty();

    /** What the peer has put in the old one's place meanwhile, and the lower nonce of that exchange. */
    private record Rival(ChildSa child, Bytes lowerNonce) {}

    RekeyChild(SaChildren children, ChildSa old) {
        this.children = children;
        this.old = old;
    }

    @Override
    public ExchangeType exchange() {
        return ExchangeType.CREATE_CHILD_SA;
    }

    private IkeSa sa() {
        return children.sa();
    }

    ChildSa old() {
        return old;
    }

    /** REKEY_SA, SA, Ni, [KEi], TSi, TSr, and the set's notify; none where the peer was quicker. */
    @Override
    public Optional<List<Payload>> begin() {
        rival = Optional.empty();
        ChildRekeys rekeys = children.rekeys();
        if (!children.set().isCurrent(old)) {
            rekeys.nothingToDo(old);
            return Optional.empty();
        }
        List<EspProposal> proposals = proposals();
        Optional<KeyExchangeMethod> method =
                children.set().demandedMethod().or(() -> ChildOffer.firstMethod(proposals));
        ChildOffer offer;
        try {
            offer = new ChildOffer(sa(), proposals, method);
        } catch (Refusal e) {
            rekeys.failed(old, e.getMessage());
            return Optional.empty();
        }
        underWay = Optional.of(offer);
        rekeys.begun(this);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.Notify(
                ProtocolId.ESP.code(), old.inbound().spi().toBytes(), NotifyType.REKEY_SA.code(), Bytes.empty()));
        payloads.addAll(offer.payloads());
        payloads.add(new Payload.TrafficSelectors(true, old.localSelectors()));
        payloads.add(new Payload.TrafficSelectors(false, old.remoteSelectors()));
        children.talk().rekeying(old.kind()).ifPresent(payloads::add);
        payloads.addAll(ChildTerms.mode(sa().policy()));
        return Optional.of(payloads);
    }

    /** Those in use (RFC 7296 §2.8). */
    private List<EspProposal> proposals() {
        return EspChoice.sameSuite(old.suite(), sa().policy().espProposals());
    }

    /** We have granted the peer's request to rekey the same one, while ours is under way. */
    void crossed(ChildSa theirs, Bytes lowerNonce) {
        rival = Optional.of(new Rival(theirs, lowerNonce));
    }

    @Override
    public void answered(Payloads answer) {
        ChildOffer offer = underWay.orElseThrow();
        underWay = Optional.empty();
        children.rekeys().ended(this);
        Optional<Payload.Notify> error = answer.error();
        if (error.isPresent() || !sa().isEstablished()) {
            offer.giveBack();
            error.filter(notify -> sa().isEstablished()).ifPresent(this::refused);
            return;
        }
        try {
            made(offer.granted(
                    answer, (choice, shared, peerNonce) -> install(answer, offer, choice, shared, peerNonce)));
        } catch (Refusal e) {
            sa().enqueue(new DeleteChild(sa(), offer.spi(), () -> {}));
            children.rekeys().failed(old, e.getMessage());
        }
    }

    private ChildSa install(
            Payloads answer, ChildOffer offer, EspChoice choice, Optional<Secret> shared, Bytes peerNonce)
            throws Refusal {
        ChildTerms.requireMode(answer, sa().policy());
        return children.install(
                choice,
                offer.spi(),
                shared,
                offer.nonce(),
                peerNonce,
                ChildTerms.sameSelectors(answer, true, old),
                SaChildren.Place.after(old),
                false);
    }

    /** Of two that both ends have made at once, that of the lowest nonce goes, by whom it was made (RFC 7296 §2.8.1). */
    private void made(ChildOffer.Made made) {
        ChildSa fresh = made.child();
        ChildSet set = children.set();
        boolean redundant = rival.filter(other -> set.contains(other.child()))
                .filter(other -> made.lowerNonce().compareTo(other.lowerNonce()) < 0 || !set.contains(old))
                .isPresent();
        if (redundant) {
            children.rekeys().nothingToDo(old);
            children.rekeys().close(fresh);
        } else {
            children.rekeys().replaced(old, fresh, rival.map(Rival::child));
        }
    }

    private void refused(Payload.Notify error) {
        ChildRekeys rekeys = children.rekeys();
        if (rival.isPresent() || !children.set().isCurrent(old)) {
            rekeys.nothingToDo(old);
            return;
        }
        Optional<KeyExchangeMethod> wanted = ChildOffer.wantedMethod(error, proposals());
        if (wanted.isPresent() && keRetries++ < KE_RETRIES) {
            children.set().demandsMethod(wanted.get());
            sa().enqueue(this);
            return;
        }
        rekeys.refused(old, error);
    }

    @Override
    public Optional<Task> movedTo(IkeSa heir) {
        return Optional.of(this);
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
