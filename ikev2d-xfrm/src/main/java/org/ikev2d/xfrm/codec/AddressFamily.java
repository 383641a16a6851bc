package org.ikev2d.xfrm.codec;

import org.ikev2d.core.net.IpAddress;

/** {@code AF_*} as XFRM structures carry it. */
public final class AddressFamily {
    public static final int UNSPEC = 0;
    public static final int INET = 2;
    public static final int INET6 = 10;

    private AddressFamily() {}

    public static int of(IpAddress address) {
        return address.isIpv4() ? INET : INET6;
    }
}
