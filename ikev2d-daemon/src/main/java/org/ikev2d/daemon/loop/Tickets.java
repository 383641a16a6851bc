package org.ikev2d.daemon.loop;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.ikev2d.core.engine.Output;

/** Who waits for which answer of the engine. Any thread. */
final class Tickets {
    private final AtomicLong last = new AtomicLong();
    private final Map<Long, CompletableFuture<Output.Reply>> waiting = new ConcurrentHashMap<>();

    /** A number that was not drawn before. */
    long draw() {
        return last.incrementAndGet();
    }

    /** To be called before the engine can answer {@code ticket}. */
    CompletableFuture<Output.Reply> await(long ticket) {
        CompletableFuture<Output.Reply> answer = new CompletableFuture<>();
        waiting.put(ticket, answer);
        return answer;
    }

    /** An answer that nobody waits for is dropped. */
    void answer(Output.Reply reply) {
        CompletableFuture<Output.Reply> answer = waiting.remove(reply.ticket());
        if (answer != null) {
            answer.complete(reply);
        }
    }

    /** Whoever waits gets a refusal. */
    void refuseAll(String why) {
        for (Long ticket : waiting.keySet()) {
            answer(new Output.Reply(ticket, false, why));
        }
    }
}
