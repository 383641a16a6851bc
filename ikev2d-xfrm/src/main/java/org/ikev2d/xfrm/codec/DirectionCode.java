package org.ikev2d.xfrm.codec;

import java.util.Optional;
import org.ikev2d.core.kernel.Direction;

/** The kernel's numbers for directions: one set for policies, another for states. */
final class DirectionCode {
    private DirectionCode() {}

    /** {@code XFRM_POLICY_IN}, {@code _OUT}, {@code _FWD}. */
    static int ofPolicy(Direction direction) {
        return switch (direction) {
            case IN -> 0;
            case OUT -> 1;
            case FORWARD -> 2;
        };
    }

    /** Empty for the policies of single sockets. */
    static Optional<Direction> policy(int code) {
        return switch (code) {
            case 0 -> Optional.of(Direction.IN);
            case 1 -> Optional.of(Direction.OUT);
            case 2 -> Optional.of(Direction.FORWARD);
            default -> Optional.empty();
        };
    }

    /** {@code XFRM_SA_DIR_IN}, {@code _OUT}. */
    static int ofState(Direction direction) {
        return switch (direction) {
            case IN -> 1;
            case OUT -> 2;
            case FORWARD -> throw new IllegalArgumentException("a state is for IN or OUT");
        };
    }

    static Optional<Direction> state(int code) {
        return switch (code) {
            case 1 -> Optional.of(Direction.IN);
            case 2 -> Optional.of(Direction.OUT);
            default -> Optional.empty();
        };
    }
}
