package org.ikev2d.core.sa;

import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.registry.NotifyType;

/**
 * What a peer says in IKE_SA_INIT that it can do, beside fragments and signatures.
 *
 * @param childless IKE_AUTH without a Child SA; said by a responder only (RFC 6023 §3)
 * @param ppk mixing a PPK into the keys; said by a responder only to one that said so (RFC 8784 §3)
 */
record Abilities(boolean childless, boolean ppk) {
    static Abilities of(Payloads init) {
        return new Abilities(init.has(NotifyType.CHILDLESS_IKEV2_SUPPORTED), init.has(NotifyType.USE_PPK));
    }
}
