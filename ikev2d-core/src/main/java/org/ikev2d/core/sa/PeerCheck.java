package org.ikev2d.core.sa;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ikev2d.core.auth.AuthRefusedException;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.PeerOffer;
import org.ikev2d.core.auth.PskAuthentication;
import org.ikev2d.core.auth.RemoteAuth;
import org.ikev2d.core.auth.SignatureAuthentication;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.registry.AuthMethod;
import org.ikev2d.core.registry.CertEncoding;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.Payload;

/**
 * Whether the peer is who it says it is, by the rules of one of several tunnels: known at once where its key is known,
 * later where its certificate has to be judged first.
 */
final class PeerCheck implements Judging.Asker {
    private final IkeSa sa;
    private final Payload.Identification id;
    private final Identity claimed;
    private final Payloads message;
    private final boolean ppkAgreed;
    private final Payload.Authentication proof;
    private final List<Payload.Certificate> certificates;
    private final Outcome outcome;
    private final Deque<SaOwner> toJudge = new ArrayDeque<>();

    private Optional<Refusal> firstRefusal = Optional.empty();

    /** Who waits for what comes of it. One of the three is called, perhaps before {@link #run} returns. */
    interface Outcome {
        /** The peer is {@code owner}'s. */
        void proven(SaOwner owner, Proof how);

        void refused(Refusal why);

        /** The IKE SA ends before it is known. */
        void abandoned();
    }

    /**
     * @param message IKE_AUTH's, with AUTH and CERT payloads
     * @param id its IDi or IDr
     * @param ppkAgreed both ends said USE_PPK (RFC 8784 §3)
     */
    PeerCheck(IkeSa sa, Payloads message, Payload.Identification id, boolean ppkAgreed, Outcome outcome)
            throws Refusal {
        this.sa = sa;
        this.id = id;
        this.claimed = id.identity();
        this.message = message;
        this.ppkAgreed = ppkAgreed;
        this.outcome = outcome;
        this.proof = message.one(Payload.Authentication.class);
        this.certificates = message.certificates();
    }

    /** @param owners in order of preference, at least one */
    void run(List<SaOwner> owners) {
        for (SaOwner owner : owners) {
            RemoteAuth wanted = owner.policy().credentials().remote();
            if (wanted instanceof RemoteAuth.Certificates) {
                toJudge.add(owner);
                continue;
            }
            try {
                Claim claim = claim(owner);
                Proof how = wanted instanceof RemoteAuth.Keys keys
                        ? byKnownKey(keys, claim)
                        : byPsk((RemoteAuth.Psk) wanted, claim);
                proven(owner, claim, how);
                return;
            } catch (AuthRefusedException e) {
                refusedBy(owner, e);
            }
        }
        judgeNext();
    }

    private Claim claim(SaOwner owner) throws AuthRefusedException {
        return Claim.of(
                sa, id, message, proof, ppkAgreed, owner.policy().credentials().ppk());
    }

    private void proven(SaOwner owner, Claim claim, Proof how) {
        claim.ppk().ifPresent(sa.keying()::mix);
        outcome.proven(owner, how);
    }

    private Proof byPsk(RemoteAuth.Psk psk, Claim claim) throws AuthRefusedException {
        if (proof.method() != AuthMethod.SHARED_KEY_MIC.code()) {
            throw new AuthRefusedException("the peer proves itself by method " + methodName() + ", a PSK is wanted");
        }
        if (!PskAuthentication.verify(
                sa.bench().algorithms(),
                sa.suite().prf(),
                psk.key(),
                claim.signed(),
                claim.proof().data())) {
            throw new AuthRefusedException("its proof is not made with our PSK: compare the PSKs" + ppkHint(claim));
        }
        return proof("psk", "");
    }

    private static String ppkHint(Claim claim) {
        return claim.ppk()
                .map(ppk -> ", and the keys of PPK \"" + ppk.name() + "\"")
                .orElse("");
    }

    private String methodName() {
        return AuthMethod.of(proof.method()).map(AuthMethod::toString).orElse(Integer.toString(proof.method()));
    }

    private Proof byKnownKey(RemoteAuth.Keys keys, Claim claim) throws AuthRefusedException {
        List<Bytes> shown = certificates.stream()
                .filter(one -> one.encoding() == CertEncoding.RAW_PUBLIC_KEY.code())
                .map(Payload.Certificate::data)
                .toList();
        List<PublicKey> candidates = keys.pinned().stream()
                .filter(key -> shown.isEmpty() || shown.contains(key.encoded()))
                .toList();
        AuthRefusedException why = new AuthRefusedException("it shows a public key that is not one of remote_key_file");
        for (PublicKey key : candidates) {
            try {
                return proof(verified(key, keys.accepted(), claim), "");
            } catch (AuthRefusedException e) {
                // Perhaps it has another one of them.
                why = e;
            }
        }
        throw why;
    }

    private String verified(PublicKey key, List<SignatureScheme> accepted, Claim claim) throws AuthRefusedException {
        PeerOffer offer = sa.handshake().offer();
        try {
            return new SignatureAuthentication(sa.bench().algorithms(), claim.signed())
                    .verify(key, accepted, offer, claim.proof())
                    .word();
        } catch (AuthRefusedException e) {
            throw new AuthRefusedException(e.getMessage() + ppkHint(claim));
        }
    }

    private Proof proof(String method, String subject) {
        return new Proof(method, claimed.describe(), subject, OptionalLong.empty());
    }

    private void judgeNext() {
        if (toJudge.isEmpty()) {
            outcome.refused(firstRefusal.orElseThrow());
            return;
        }
        SaOwner owner = toJudge.getFirst();
        if (!SignatureAuthentication.isSignature(proof.method())) {
            refused(new AuthRefusedException(
                    "it proves itself by method " + methodName() + ", a certificate and a signature are wanted"));
        } else if (certificates.stream().noneMatch(one -> one.encoding() == CertEncoding.X509_SIGNATURE.code())) {
            refused(Refusal.certificate(
                    CertificateFault.UNREADABLE,
                    claimed.describe() + " showed no X.509 certificate to tunnel "
                            + owner.policy().name()
                            + ": let it send its certificate (strongSwan: send_cert = always)"));
        } else {
            sa.judging().ask(owner.policy().name(), claimed, certificates, this);
        }
    }

    @Override
    public void judged(Verdict verdict) {
        SaOwner owner = toJudge.getFirst();
        if (verdict instanceof Verdict.Trusted trusted) {
            trusted(owner, trusted);
        } else if (verdict instanceof Verdict.Refused no) {
            refused(Refusal.certificate(no.fault(), no.text()));
        }
    }

    private void trusted(SaOwner owner, Verdict.Trusted verdict) {
        // What it was when we asked is perhaps not what it is now.
        if (!owner.admits(sa)
                || !owner.policy().credentials().remoteId().matches(claimed)
                || !(owner.policy().credentials().remote() instanceof RemoteAuth.Certificates wanted)) {
            refused(new AuthRefusedException("whom the tunnel takes was changed meanwhile"));
            return;
        }
        Proof how;
        Claim claim;
        try {
            claim = claim(owner);
            how = proof(verified(verdict.key(), wanted.accepted(), claim), verdict.subject());
        } catch (AuthRefusedException e) {
            refused(e);
            return;
        }
        verdict.remarks()
                .forEach(remark ->
                        sa.bench().tell(Event.Level.WARN, owner.policy().name(), "certificate-remark", remark));
        proven(owner, claim, how);
    }

    @Override
    public void abandoned() {
        outcome.abandoned();
    }

    private void refused(AuthRefusedException why) {
        refusedBy(toJudge.removeFirst(), why);
        judgeNext();
    }

    private void refused(Refusal why) {
        toJudge.removeFirst();
        firstRefusal = firstRefusal.or(() -> Optional.of(why));
        judgeNext();
    }

    private void refusedBy(SaOwner owner, AuthRefusedException why) {
        String text = claimed.describe() + " does not prove its identity to tunnel "
                + owner.policy().name() + ": " + why.getMessage();
        firstRefusal = firstRefusal.or(() -> Optional.of(new Refusal(NotifyType.AUTHENTICATION_FAILED, text)));
    }
}
