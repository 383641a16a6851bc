package org.ikev2d.xfrm.ethtool;

/**
 * A rule of a NIC's for packets that come in.
 *
 * @param queue the receive queue that they go to, from 0
 */
public record RxRule(RxMatch match, int queue) {}
