package org.ikev2d.xfrm.codec;

import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.PolicySpec.Action;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/** The bodies of requests about policies. */
public final class PolicyRequests {
    private PolicyRequests() {}

    /** The body of XFRM_MSG_NEWPOLICY and XFRM_MSG_UPDPOLICY. */
    public static void set(NetlinkWriter out, PolicySpec policy, Placement placement) {
        new UserPolicyInfo(
                        XfrmSelector.of(policy.id().selector()),
                        LifetimeConfig.UNLIMITED,
                        LifetimeCurrent.NONE,
                        policy.priority(),
                        0,
                        DirectionCode.ofPolicy(policy.id().direction()),
                        policy.isBlock() ? UserPolicyInfo.ACTION_BLOCK : UserPolicyInfo.ACTION_ALLOW,
                        policy.cpuAcquire() ? UserPolicyInfo.FLAG_CPU_ACQUIRE : 0,
                        0)
                .write(out);
        UserTemplate template = UserTemplate.esp(
                policy.source(),
                policy.destination(),
                policy.reqId().value(),
                policy.action() == Action.TRANSPORT ? UserSaInfo.MODE_TRANSPORT : UserSaInfo.MODE_TUNNEL);
        out.attribute(XfrmAttribute.TMPL.code(), template::write);
        placement.writeNaming(out);
    }

    /** The body of XFRM_MSG_GETPOLICY for one policy, and of XFRM_MSG_DELPOLICY. */
    public static void name(NetlinkWriter out, PolicyId id, Placement placement) {
        new UserPolicyId(XfrmSelector.of(id.selector()), 0, DirectionCode.ofPolicy(id.direction())).write(out);
        placement.writeNaming(out);
    }
}
