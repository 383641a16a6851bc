package org.ikev2d.core.sa;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;

/**
 * The peer's last request and our answer to it. A request that comes again is the same to the last octet and gets the
 * same answer (RFC 7296 §2.1); nothing else is ever done twice. Outlives its IKE SA for a while, because the last answer
 * of all can be lost too.
 */
public final class AnswerMemory {
    private int expectedId;
    private Bytes request = Bytes.empty();
    private List<Bytes> answer = List.of();

    int expectedId() {
        return expectedId;
    }

    /** @param lastRequest of fragments, the first (RFC 7383 §2.6.1) */
    void answered(Bytes lastRequest, List<Bytes> lastAnswer) {
        request = lastRequest;
        answer = List.copyOf(lastAnswer);
        expectedId++;
    }

    /** The answer, all its fragments, if {@code octets} are the last request again; else nothing. */
    public List<Bytes> repeat(Bytes octets) {
        return !request.isEmpty() && request.equals(octets) ? answer : List.of();
    }

    /** The answer to the last request. */
    List<Bytes> last() {
        return answer;
    }
}
