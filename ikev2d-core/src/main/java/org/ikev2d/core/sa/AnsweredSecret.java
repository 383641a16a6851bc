package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyAnswer;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.wire.Payload;

/** The responder's part in the key exchange of one exchange, where it has one. Owns the secret that comes of it. */
final class AnsweredSecret implements AutoCloseable {
    private final KeyExchangeMethod method;
    private final Optional<KeyAnswer> answer;

    private AnsweredSecret(KeyExchangeMethod method, Optional<KeyAnswer> answer) {
        this.method = method;
        this.answer = answer;
    }

    /**
     * Answers {@code request}'s KE payload; empty when {@code chosen} is NONE.
     *
     * @throws Refusal INVALID_KE_PAYLOAD, with the method that is wanted, when the payload is of another; INVALID_SYNTAX
     *     when there is none or its value is none
     */
    static AnsweredSecret of(Algorithms algorithms, Payloads request, KeyExchangeMethod chosen) throws Refusal {
        if (chosen == KeyExchangeMethod.NONE) {
            return new AnsweredSecret(chosen, Optional.empty());
        }
        Payload.KeyExchange peer = request.one(Payload.KeyExchange.class);
        if (peer.method() != chosen.code()) {
            throw FreshSecret.wrongMethod(chosen);
        }
        try {
            return new AnsweredSecret(chosen, Optional.of(algorithms.answer(chosen, peer.publicValue())));
        } catch (InvalidPublicValueException e) {
            throw FreshSecret.noValue(e);
        }
    }

    /** Lent. */
    Optional<Secret> shared() {
        return answer.map(KeyAnswer::shared);
    }

    /** The KE payload of the answer. */
    Optional<Payload> payload() {
        return answer.map(own -> new Payload.KeyExchange(method.code(), own.publicValue()));
    }

    @Override
    public void close() {
        answer.ifPresent(KeyAnswer::close);
    }
}
