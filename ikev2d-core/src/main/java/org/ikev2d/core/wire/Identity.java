package org.ikev2d.core.wire;

import org.ikev2d.core.bytes.Bytes;

/**
 * Who an end says it is (RFC 7296 §3.5).
 *
 * @param type ID Type number, as received
 * @param data what follows it
 */
public record Identity(int type, Bytes data) {}
