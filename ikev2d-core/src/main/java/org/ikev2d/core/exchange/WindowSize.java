package org.ikev2d.core.exchange;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/** SET_WINDOW_SIZE: how many requests its sender takes before it has answered the first (RFC 7296 §2.3). */
public final class WindowSize {
    private static final int SIZE = 4;

    private WindowSize() {}

    /** The notify for {@code requests}; where these are 1, there is no need for it. */
    public static Optional<Payload> offer(int requests) {
        return requests == 1
                ? Optional.empty()
                : Optional.of(Payload.Notify.of(
                        NotifyType.SET_WINDOW_SIZE,
                        new ByteWriter().u32(requests).toBytes()));
    }

    /**
     * What {@code message} says, 1 to {@code most}; empty where it says nothing that can be understood.
     *
     * @param most what is counted of more
     */
    public static Optional<Integer> in(Payloads message, int most) {
        return message.notify(NotifyType.SET_WINDOW_SIZE)
                .filter(data -> data.size() == SIZE)
                .map(WindowSize::unsigned)
                .map(said -> (int) Math.max(1, Math.min(said, most)));
    }

    private static long unsigned(Bytes data) {
        long value = 0;
        for (int at : List.of(0, 1, 2, 3)) {
            value = value << 8 | data.at(at);
        }
        return value;
    }
}
