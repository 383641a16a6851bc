package org.ikev2d.xfrm.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.PolicySpec.Action;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * A policy as the kernel shows it in XFRM_MSG_NEWPOLICY.
 *
 * @param attributes all of them as they came, templates included: enough to put the policy back as it was
 */
public record PolicyState(UserPolicyInfo info, List<UserTemplate> templates, List<RawAttribute> attributes) {
    /** An attribute that is passed on unread. */
    public record RawAttribute(int type, Bytes value) {}

    public PolicyState {
        templates = List.copyOf(templates);
        attributes = List.copyOf(attributes);
    }

    public static PolicyState read(NetlinkReader in) throws DecodeException {
        UserPolicyInfo info = UserPolicyInfo.read(in);
        List<UserTemplate> templates = List.of();
        List<RawAttribute> all = new ArrayList<>();
        AttributeCursor attributes = new AttributeCursor(in, XfrmAttribute.PAD.code());
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            Attribute attribute = next.get();
            all.add(new RawAttribute(attribute.type(), attribute.value().peekAll()));
            if (attribute.type() == XfrmAttribute.TMPL.code()) {
                templates = UserTemplate.readAll(attribute.value());
            }
        }
        return new PolicyState(info, templates, all);
    }

    /** The reqid of ours that a template bears; empty when the policy is somebody else's. */
    public Optional<ReqId> reqId() {
        return ourTemplate().map(template -> new ReqId(template.reqid()));
    }

    /** The same policy without XFRM_POLICY_CPU_ACQUIRE. */
    public PolicyState withoutCpuAcquire() {
        return new PolicyState(info.withoutCpuAcquire(), templates, attributes);
    }

    /** Empty when the policy is somebody else's, or a single socket's. */
    public Optional<PolicySpec> toPolicySpec() throws DecodeException {
        Optional<UserTemplate> ours = ourTemplate();
        Optional<Direction> direction = DirectionCode.policy(info.dir());
        if (ours.isEmpty() || direction.isEmpty()) {
            return Optional.empty();
        }
        UserTemplate template = ours.get();
        return Optional.of(new PolicySpec(
                new PolicyId(direction.get(), info.sel().toPacketSelector()),
                new ReqId(template.reqid()),
                template.saddr().as(template.family()),
                template.id().daddr().as(template.family()),
                info.priority(),
                info.isCpuAcquire(),
                action(template)));
    }

    private Action action(UserTemplate template) {
        if (info.action() == UserPolicyInfo.ACTION_BLOCK) {
            return Action.BLOCK;
        }
        return template.mode() == UserSaInfo.MODE_TRANSPORT ? Action.TRANSPORT : Action.TUNNEL;
    }

    /** The body of an XFRM_MSG_UPDPOLICY that makes the policy what this says. */
    public void write(NetlinkWriter out) {
        info.write(out);
        for (RawAttribute attribute : attributes) {
            out.attribute(attribute.type(), value -> value.bytes(attribute.value()));
        }
    }

    private Optional<UserTemplate> ourTemplate() {
        return templates.stream()
                .filter(template -> template.id().proto() == IpProtocol.ESP && ReqId.isOurs(template.reqid()))
                .findFirst();
    }
}
