package org.ikev2d.daemon.control;

/**
 * A receive rule of a NIC's that is for one SA.
 *
 * @param queue the receive queue that it leads the SA's packets to
 * @param location its place among the NIC's rules
 */
public record NicRule(String device, int queue, long location) {}
