package org.ikev2d.core.wire;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;

/**
 * One proposal of an SA payload (RFC 7296 §3.3.1).
 *
 * @param number 1 to 255
 * @param protocol Security Protocol Identifier number
 * @param spi 4 octets for AH and ESP; 8 for IKE, empty in IKE_SA_INIT; at most 255 for other protocols
 * @param transforms at most 255
 */
public record Proposal(int number, int protocol, Bytes spi, List<Transform> transforms) {
    public Proposal {
        if (number < 1 || number > 255) {
            throw new IllegalArgumentException("proposal number " + number);
        }
        transforms = List.copyOf(transforms);
    }
}
