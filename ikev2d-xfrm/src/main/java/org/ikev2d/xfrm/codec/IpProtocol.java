package org.ikev2d.xfrm.codec;

/** {@code IPPROTO_*}. */
final class IpProtocol {
    static final int ESP = 50;

    private IpProtocol() {}
}
