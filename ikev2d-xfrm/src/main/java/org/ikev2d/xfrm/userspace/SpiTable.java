package org.ikev2d.xfrm.userspace;

import java.util.List;

/** Inbound SAs by SPI, which is unique because we chose it. Never changes. */
final class SpiTable {
    /** A power of two, less than half full; null where there is nothing. */
    private final InboundState[] slots;

    SpiTable(List<InboundState> states) {
        slots = new InboundState[Integer.highestOneBit(Math.max(states.size(), 1)) * 4];
        for (InboundState state : states) {
            int slot = slot(state.spi());
            while (slots[slot] != null) {
                slot = next(slot);
            }
            slots[slot] = state;
        }
    }

    /** Null when there is none. */
    InboundState find(int spi) {
        int slot = slot(spi);
        InboundState state = slots[slot];
        while (state != null && state.spi() != spi) {
            slot = next(slot);
            state = slots[slot];
        }
        return state;
    }

    private int slot(int spi) {
        return ((spi * 0x9e37_79b9) >>> 7) & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }
}
