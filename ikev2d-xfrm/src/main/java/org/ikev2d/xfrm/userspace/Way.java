package org.ikev2d.xfrm.userspace;

import org.ikev2d.core.net.IpPrefix;

/**
 * Packets that are to go into the device.
 *
 * @param table of routes; a tunnel's reqid
 * @param from both of one family
 * @param mtu the largest packet that leaves the other gateway in one piece
 */
record Way(int table, IpPrefix from, IpPrefix to, int mtu) {}
