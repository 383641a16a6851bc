package org.ikev2d.core.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;

/**
 * What one life of an engine must have closed in the end: every secret that passed one of its ports, in either
 * direction, and every key exchange. Keys that were cut from a secret and never used pass none, and are not seen.
 */
final class Ledger {
    /** With how each was first seen. */
    private final IdentityHashMap<Secret, String> secrets = new IdentityHashMap<>();

    private final IdentityHashMap<KeyExchange, String> open = new IdentityHashMap<>();

    void saw(Secret secret, String how) {
        if (secret.size() > 0) {
            secrets.putIfAbsent(secret, how);
        }
    }

    void opened(KeyExchange exchange) {
        open.put(exchange, exchange.method().toString());
    }

    void closed(KeyExchange exchange) {
        open.remove(exchange);
    }

    /** How many secrets it has seen. */
    int size() {
        return secrets.size();
    }

    /** @param lent secrets that are not the engine's to close */
    List<String> unclosed(List<Secret> lent) {
        IdentityHashMap<Secret, Boolean> others = new IdentityHashMap<>();
        lent.forEach(secret -> others.put(secret, true));
        List<String> found = new ArrayList<>();
        secrets.forEach((secret, how) -> {
            if (!secret.isClosed() && !others.containsKey(secret)) {
                found.add("unclosed " + secret + " " + how);
            }
        });
        open.values().forEach(method -> found.add("unclosed key exchange " + method));
        Collections.sort(found);
        return found;
    }
}
