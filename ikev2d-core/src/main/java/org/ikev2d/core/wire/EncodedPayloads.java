package org.ikev2d.core.wire;

import org.ikev2d.core.bytes.Bytes;

/**
 * A chain of payloads on the wire, to go behind a header that announces the first.
 *
 * @param firstPayloadType 0 when there is none
 */
public record EncodedPayloads(int firstPayloadType, Bytes octets) {}
