package org.ikev2d.core.sa;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;

/**
 * The peer's last requests and our answers to them, as many as we have promised (RFC 7296 §2.3). A request that comes again
 * is the same to the last octet and gets the same answer (RFC 7296 §2.1); nothing else is ever done twice. Its last answer
 * outlives an IKE SA for a while, because that can be lost too.
 */
public final class AnswerMemory {
    private final Map<Integer, Answered> kept = new LinkedHashMap<>();

    private int size = 1;
    /** The first request that has not come. */
    private int next;
    /** The requests up to this one have had their answers before the peer knew of more than one. */
    private int settled = -1;

    /** @param request of fragments, the first (RFC 7383 §2.6.1) */
    private record Answered(Bytes request, List<Bytes> answer) {}

    /**
     * The peer may have that many requests under way from now on; what was promised before stays.
     *
     * @param sure the last request whose answer it has when it learns of this
     */
    void widen(int requests, int sure) {
        if (requests > size) {
            size = requests;
            settled = sure;
        }
    }

    /** The first request that has not come. */
    int next() {
        return next;
    }

    /** Whether the request {@code messageId} may come, and has not. */
    boolean isAwaited(int messageId) {
        return messageId >= next && messageId - next < size && !kept.containsKey(messageId);
    }

    /** Up to which request the peer has had our answers, since it has sent {@code messageId}. */
    int sureBy(int messageId) {
        return Math.max(settled, messageId - size);
    }

    /** @param request of fragments, the first */
    void answered(int messageId, Bytes request, List<Bytes> answer) {
        kept.put(messageId, new Answered(request, List.copyOf(answer)));
        while (kept.containsKey(next)) {
            next++;
        }
        // All that is behind the first one that is missing is kept, and that is fewer than were promised.
        int highest = kept.keySet().stream().mapToInt(Integer::intValue).max().orElse(messageId);
        kept.keySet().removeIf(id -> id <= highest - size);
    }

    /** The answer to the request {@code messageId}, all its fragments. */
    Optional<List<Bytes>> to(int messageId) {
        return Optional.ofNullable(kept.get(messageId)).map(Answered::answer);
    }

    /** The answer, if {@code octets} are a request again; else nothing. */
    public List<Bytes> repeat(Bytes octets) {
        return kept.values().stream()
                .filter(one -> one.request().equals(octets))
                .findFirst()
                .map(Answered::answer)
                .orElse(List.of());
    }

    /** The IKE SA is no more: but for the last answer that was given, nothing will be asked for. */
    void close() {
        Optional<Integer> last = kept.keySet().stream().reduce((one, later) -> later);
        kept.keySet().removeIf(id -> !last.equals(Optional.of(id)));
    }
}
