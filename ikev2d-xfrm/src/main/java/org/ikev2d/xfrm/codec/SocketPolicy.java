package org.ikev2d.xfrm.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * Policies of a single socket, as the options IP_XFRM_POLICY (IPPROTO_IP, 17) and IPV6_XFRM_POLICY (IPPROTO_IPV6, 35)
 * take them: one {@code struct xfrm_userpolicy_info}.
 */
public final class SocketPolicy {
    private SocketPolicy() {}

    /**
     * Lets the socket's packets pass outside every tunnel. Needed for IN and for OUT, on a socket that is of the one
     * family alone.
     */
    public static Bytes bypass(boolean ipv4, Direction direction) {
        ByteBuffer octets = ByteBuffer.allocate(UserPolicyInfo.SIZE).order(ByteOrder.nativeOrder());
        new UserPolicyInfo(
                        XfrmSelector.any(ipv4 ? AddressFamily.INET : AddressFamily.INET6),
                        LifetimeConfig.UNLIMITED,
                        LifetimeCurrent.NONE,
                        0,
                        0,
                        DirectionCode.ofPolicy(direction),
                        UserPolicyInfo.ACTION_ALLOW,
                        0,
                        0)
                .write(new NetlinkWriter(octets));
        return Bytes.wrap(octets.array());
    }
}
