package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;

/** One exchange that we begin. It sees payloads; message IDs, keys and repetition are its IKE SA's. */
public interface Task {
    ExchangeType exchange();

    /**
     * Whether no other request of ours may be under way beside its own: it begins when all before it are answered, and none
     * begins before it is.
     */
    default boolean isAlone() {
        return false;
    }

    /** The request, when its turn has come; empty when there is no need for it any more. */
    Optional<List<Payload>> begin();

    /**
     * The answer. Called once at the most.
     *
     * @throws Refusal when the answer cannot be lived with: the IKE SA ends
     */
    void answered(Payloads answer) throws Refusal;

    /** Whether it goes before those that wait. */
    default boolean isUrgent() {
        return false;
    }

    /** Whether it makes, rekeys or deletes a Child SA: until it is over, the IKE SA is not rekeyed (RFC 7296 §2.25.1). */
    default boolean isAboutChildren() {
        return exchange() == ExchangeType.CREATE_CHILD_SA;
    }

    /** The same for {@code heir}, which takes its IKE SA's place before its turn has come; empty: it has no use there. */
    default Optional<Task> movedTo(IkeSa heir) {
        return Optional.empty();
    }

    /** The peer has deleted {@code spi} of its own, which we do not know: it may be what the answer will grant. */
    default void peerDeleted(EspSpi spi) {}

    /** There will be no answer: the IKE SA has ended. Whatever the task holds is given back. */
    default void abandoned() {}
}
