package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;

/**
 * The peer's last request and our answer to it. A request that comes again is the same to the last octet and gets the
 * same answer (RFC 7296 §2.1); nothing else is ever done twice. Outlives its IKE SA for a while, because the last answer
 * of all can be lost too.
 */
public final class AnswerMemory {
    private int expectedId;
    private Bytes request = Bytes.empty();
    private Bytes answer = Bytes.empty();

    int expectedId() {
        return expectedId;
    }

    void answered(Bytes lastRequest, Bytes lastAnswer) {
        request = lastRequest;
        answer = lastAnswer;
        expectedId++;
    }

    /** The answer, if {@code octets} are the last request again. */
    public Optional<Bytes> repeat(Bytes octets) {
        return !request.isEmpty() && request.equals(octets) ? Optional.of(answer) : Optional.empty();
    }
}
