package org.ikev2d.core.kernel;

/**
 * ESP in UDP (RFC 3948).
 *
 * @param sourcePort of the packets that the state sends or receives; 0 where it receives from any
 * @param destinationPort of the same
 */
public record Encapsulation(int sourcePort, int destinationPort) {}
