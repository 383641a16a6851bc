package org.ikev2d.core.wire;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;

/**
 * One proposal of an SA payload (RFC 7296 §3.3.1).
 *
 * @param number 1 to 255
 * @param protocol Security Protocol Identifier number
 * @param spi empty, 4 (AH, ESP) or 8 (IKE) octets
 */
public record Proposal(int number, int protocol, Bytes spi, List<Transform> transforms) {
    public Proposal {
        transforms = List.copyOf(transforms);
    }
}
