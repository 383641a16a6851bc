package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/** The initiator's key exchange of one exchange, where it has one, and what comes of it. Owns both. */
final class FreshSecret implements AutoCloseable {
    private final Optional<KeyExchange> keyExchange;
    private Optional<Secret> shared = Optional.empty();

    FreshSecret(Optional<KeyExchange> keyExchange) {
        this.keyExchange = keyExchange;
    }

    /**
     * The secret shared with the sender of {@code answer}, lent; empty when {@code chosen} is NONE.
     *
     * @throws Refusal INVALID_KE_PAYLOAD, with the method that is wanted, when the answer's KE payload is of another;
     *     INVALID_SYNTAX when there is none or its value is none
     */
    Optional<Secret> agree(Payloads answer, KeyExchangeMethod chosen) throws Refusal {
        if (chosen == KeyExchangeMethod.NONE) {
            return Optional.empty();
        }
        Payload.KeyExchange peer = answer.one(Payload.KeyExchange.class);
        KeyExchange own = keyExchange
                .filter(ke -> ke.method() == chosen && peer.method() == chosen.code())
                .orElseThrow(() -> wrongMethod(chosen));
        try {
            shared = Optional.of(own.agree(peer.publicValue()));
            return shared;
        } catch (InvalidPublicValueException e) {
            throw noValue(e);
        }
    }

    /** INVALID_SYNTAX for a public value that is none. */
    static Refusal noValue(InvalidPublicValueException why) {
        return Refusal.syntax("KE payload: " + why.getMessage());
    }

    /** INVALID_KE_PAYLOAD with the method that is wanted (RFC 7296 §1.3). */
    static Refusal wrongMethod(KeyExchangeMethod wanted) {
        return new Refusal(
                NotifyType.INVALID_KE_PAYLOAD,
                new ByteWriter().u16(wanted.code()).toBytes(),
                "the KE payload is not of the chosen method " + wanted);
    }

    @Override
    public void close() {
        keyExchange.ifPresent(KeyExchange::close);
        shared.ifPresent(Secret::close);
    }
}
