package org.ikev2d.planted.bytes;

import org.ikev2d.planted.wire.HoldsSecret;

/** Uses a storey above; a member of its sealed set is no record. */
public sealed interface UsesWire {
    HoldsSecret above();

    /** No record. */
    final class Loose implements UsesWire {
        @Override
        public HoldsSecret above() {
            return new HoldsSecret(null);
        }
    }
}
