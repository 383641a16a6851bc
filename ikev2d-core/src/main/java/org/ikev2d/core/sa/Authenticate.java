package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.policy.Childless;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.TunnelPolicy;
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
        try {
            if (!childless()) {
                reserved = Optional.of(sa.children().pairs().reserve(sa.policy(), sa.path()));
            }
            return Optional.of(request(sa.policy()));
        } catch (Refusal e) {
            abandoned();
            sa.end(e.toFailure());
            return Optional.empty();
        }
    }

    /** Whether the first Child SA is left to an exchange of its own (RFC 6023 §3). */
    private boolean childless() {
        return sa.policy().childless() == Childless.PREFER
                && sa.handshake().peer().childless();
    }

    /** HDR, SK {IDi, [CERT+], [CERTREQ], [IDr], AUTH, [SAi2, TSi, TSr]} (RFC 7296 §1.2, RFC 6023 §5). */
    private List<Payload> request(TunnelPolicy policy) throws Refusal {
        Credentials credentials = policy.credentials();
        List<Payload> payloads = new ArrayList<>();
        Payload.Identification id = new Payload.Identification(true, credentials.localId());
        payloads.add(id);
        if (credentials.local() instanceof LocalAuth.Signature ours) {
            payloads.addAll(ours.shown().to(sa.handshake().offer()));
        }
        if (sa.owner().orElseThrow().isInitialContact()) {
            payloads.add(Payload.Notify.of(NotifyType.INITIAL_CONTACT));
        }
        payloads.addAll(Credentials.requests(List.of(credentials)));
        credentials.remoteId().exact().ifPresent(exact -> payloads.add(new Payload.Identification(false, exact)));
        payloads.addAll(proof(id, ppk()));
        reserved.ifPresent(spi -> {
            payloads.add(new Payload.SecurityAssociation(EspChoice.offer(proposals(), spi)));
            payloads.addAll(sa.children().offerFirst());
        });
        sa.traffic().offerWindow().ifPresent(payloads::add);
        return payloads;
    }

    /** The PPK that both ends are to mix into the keys, where the peer has the one of that name. */
    private Optional<Ppk> ppk() {
        return sa.policy()
                .credentials()
                .ppk()
                .filter(own -> sa.handshake().peer().ppk());
    }

    /** AUTH, and where there is to be a PPK N(PPK_IDENTITY, PPK_ID) [N(NO_PPK_AUTH)] (RFC 8784 §3). */
    private List<Payload> proof(Payload.Identification id, Optional<Ppk> ppk) throws Refusal {
        OwnProof plain = OwnProof.of(
                sa, sa.handshake().signed(sa, true, id), sa.handshake().offer());
        sa.proven().ours(plain.how());
        if (ppk.isEmpty()) {
            return List.of(plain.payload());
        }
        List<Payload> payloads = new ArrayList<>();
        payloads.add(OwnProof.of(
                        sa,
                        sa.handshake().signed(sa, true, id, ppk.get()),
                        sa.handshake().offer())
                .payload());
        payloads.add(Payload.Notify.of(NotifyType.PPK_IDENTITY, ppk.get().id()));
        if (!ppk.get().required()) {
            payloads.add(
                    Payload.Notify.of(NotifyType.NO_PPK_AUTH, plain.payload().data()));
        }
        return payloads;
    }

    @Override
    public void answered(Payloads answer) throws Refusal {
        Optional<Payload.Notify> error = answer.error();
        try {
            if (error.isPresent()
                    && answer.atMostOne(Payload.Authentication.class).isEmpty()) {
                abandoned();
                sa.end(PeerErrors.explain(error.get(), ExchangeType.IKE_AUTH, sa.policy()));
                return;
            }
            verifyPeer(answer);
        } catch (Refusal e) {
            useless(e.toFailure());
        }
    }

    private void verifyPeer(Payloads answer) throws Refusal {
        PeerIdentity expected = sa.policy().credentials().remoteId();
        Payload.Identification id = answer.identification(false)
                .orElseThrow(() -> Refusal.syntax("IKE_AUTH: expected one IDr payload, found none"));
        Identity claimed = id.identity();
        if (!expected.matches(claimed)) {
            throw new Refusal(
                    NotifyType.AUTHENTICATION_FAILED,
                    "the peer says it is " + claimed.describe() + ", remote_id is " + expected.describe());
        }
        PeerCheck.Outcome outcome = new PeerCheck.Outcome() {
            @Override
            public void proven(SaOwner owner, Proof how) {
                sa.proven().peers(how);
                finish(answer);
            }

            @Override
            public void refused(Refusal why) {
                useless(why.toFailure());
            }

            @Override
            public void abandoned() {
                Authenticate.this.abandoned();
            }
        };
        new PeerCheck(sa, answer, id, ppk().isPresent(), outcome)
                .run(List.of(sa.owner().orElseThrow()));
    }

    /** Both ends have proven themselves. */
    private void finish(Payloads answer) {
        Optional<Payload.Notify> error = answer.error();
        if (error.isPresent()) {
            useless(PeerErrors.explain(error.get(), ExchangeType.IKE_AUTH, sa.policy()));
            return;
        }
        if (childless()) {
            sa.enqueue(new CreateFirst(sa));
            sa.established(false);
            return;
        }
        try {
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
        sa.farewell().say(why);
    }

    private ChildSa firstChild(Payloads answer) throws Refusal {
        EspSpi spi = reserved.orElseThrow();
        EspChoice choice = ChildTerms.chosen(answer, proposals(), spi, Optional.empty());
        ChildSa child = sa.children()
                .installFirst(
                        answer,
                        choice,
                        spi,
                        Optional.empty(),
                        sa.handshake().initiatorNonce(),
                        sa.handshake().responderNonce());
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
