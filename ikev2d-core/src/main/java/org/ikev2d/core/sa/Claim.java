package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.auth.AuthRefusedException;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/**
 * Which proof of the peer's counts for a tunnel, and what it is made over (RFC 8784 §3).
 *
 * @param ppk that the peer says is in the keys
 */
record Claim(Payload.Authentication proof, SignedOctets signed, Optional<Ppk> ppk) {
    /**
     * @param id what the peer says it is
     * @param message IKE_AUTH's
     * @param auth its AUTH payload
     * @param agreed both ends said USE_PPK
     * @param ours the tunnel's
     * @throws AuthRefusedException when there is to be a PPK and none is used, or one that is not the tunnel's
     */
    static Claim of(
            IkeSa sa,
            Payload.Identification id,
            Payloads message,
            Payload.Authentication auth,
            boolean agreed,
            Optional<Ppk> ours)
            throws AuthRefusedException {
        boolean byInitiator = sa.role() == Role.RESPONDER;
        Optional<Ppk> used = !agreed ? Optional.empty() : byInitiator ? named(message, ours) : confirmed(message, ours);
        if (used.isPresent()) {
            SignedOctets signed = sa.handshake().signed(sa, byInitiator, id, used.get());
            return new Claim(auth, signed, used);
        }
        if (ours.filter(Ppk::required).isPresent()) {
            throw new AuthRefusedException("it does not use our PPK " + quoted(ours)
                    + ", and ppk_required is set: compare ppk_id, or give the peer the PPK");
        }
        SignedOctets signed = sa.handshake().signed(sa, byInitiator, id);
        return new Claim(agreed && byInitiator ? withoutPpk(message, auth, ours) : auth, signed, Optional.empty());
    }

    /** Which of ours an initiator uses. */
    private static Optional<Ppk> named(Payloads request, Optional<Ppk> ours) throws AuthRefusedException {
        Bytes id = request.notify(NotifyType.PPK_IDENTITY)
                .orElseThrow(() -> new AuthRefusedException("it says that it uses a PPK, and not which"));
        return ours.filter(own -> own.id().equals(id));
    }

    /** Whether a responder uses the one that we named; what its notify holds does not matter. */
    private static Optional<Ppk> confirmed(Payloads answer, Optional<Ppk> ours) {
        return ours.filter(own -> answer.has(NotifyType.PPK_IDENTITY));
    }

    /** The proof of an initiator whose PPK the tunnel has not. */
    private static Payload.Authentication withoutPpk(Payloads request, Payload.Authentication auth, Optional<Ppk> ours)
            throws AuthRefusedException {
        Bytes data = request.notify(NotifyType.NO_PPK_AUTH)
                .orElseThrow(() -> new AuthRefusedException("it will not do without its PPK, "
                        + (ours.isEmpty() ? "the tunnel has none" : "which is not our " + quoted(ours))
                        + ": compare ppk_id"));
        return new Payload.Authentication(auth.method(), data);
    }

    private static String quoted(Optional<Ppk> ppk) {
        return "\"" + ppk.orElseThrow().name() + "\"";
    }
}
