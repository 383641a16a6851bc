package org.ikev2d.core.sa;

import java.util.EnumSet;
import java.util.Set;

/** Where an IKE SA stands. Only what {@link #next()} names can follow. */
public enum IkeState {
    /** IKE_SA_INIT is under way. */
    CONNECTING,
    /** There are keys; IKE_AUTH is under way. */
    AUTHENTICATING,
    /** It is to take another's place, unless it turns out to be redundant. */
    HEIR,
    /** Each end has proven itself. */
    ESTABLISHED,
    /** Another has taken its place; whoever has asked for that ends it. */
    REKEYED,
    /** We said that it ends, and wait for the answer. */
    DELETING,
    /** Its keys are gone. */
    ENDED;

    public Set<IkeState> next() {
        return switch (this) {
            case CONNECTING -> EnumSet.of(AUTHENTICATING, ENDED);
            case AUTHENTICATING -> EnumSet.of(HEIR, ESTABLISHED, DELETING, ENDED);
            case HEIR -> EnumSet.of(ESTABLISHED, DELETING, ENDED);
            case ESTABLISHED -> EnumSet.of(REKEYED, DELETING, ENDED);
            case REKEYED -> EnumSet.of(DELETING, ENDED);
            case DELETING -> EnumSet.of(ENDED);
            case ENDED -> EnumSet.noneOf(IkeState.class);
        };
    }

    IkeState to(IkeState next) {
        if (!next().contains(next)) {
            throw new IllegalStateException(next + " cannot follow " + this);
        }
        return next;
    }
}
