package org.ikev2d.xfrm;

/**
 * The way of a packet out of the machine.
 *
 * @param device the interface's name
 * @param mtu the longest packet that goes this way: the route's own, where it has one, else the interface's
 * @param local the packet does not leave the machine
 */
public record OuterWay(String device, int mtu, boolean local) {}
