package org.ikev2d.core.wire;

import java.util.List;
import java.util.Optional;

/**
 * A message as it came, with nothing decrypted: only what stands outside the Encrypted payload is decoded.
 *
 * @param payloads in the order received, without the Encrypted payload
 * @param sealed the Encrypted payload (SK) or fragment (SKF), which is always the last
 */
public record OuterMessage(IkeHeader header, List<Payload> payloads, Optional<Sealed> sealed) {
    public OuterMessage {
        payloads = List.copyOf(payloads);
    }
}
