package org.ikev2d.xfrm.codec;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkMessage;
import org.ikev2d.xfrm.netlink.NetlinkReader;

/** What the kernel multicasts, as events; empty for what bears no reqid of ours. */
public final class EventDecoder {
    private EventDecoder() {}

    /**
     * A state of ours that somebody deleted is told as a hard expiry, a flush and a deleted policy as
     * {@link KernelEvent.Overrun}: whatever matters must be looked up.
     */
    public static Optional<KernelEvent> decode(NetlinkMessage message) throws DecodeException {
        Optional<XfrmMessage> type = XfrmMessage.of(message.header().type());
        if (type.isEmpty()) {
            return Optional.empty();
        }
        return switch (type.get()) {
            case ACQUIRE -> acquire(message.body());
            case EXPIRE -> expire(message.body());
            case MAPPING -> mapping(message.body());
            case DELSA -> deletedSa(message.body());
            case DELPOLICY -> deletedPolicy(message.body());
            case FLUSHSA, FLUSHPOLICY -> Optional.of(new KernelEvent.Overrun());
            default -> Optional.empty();
        };
    }

    private static Optional<KernelEvent> acquire(NetlinkReader in) throws DecodeException {
        UserAcquire acquire = UserAcquire.read(in);
        List<UserTemplate> templates = List.of();
        Optional<CpuId> cpu = Optional.empty();
        AttributeCursor attributes = new AttributeCursor(in, XfrmAttribute.PAD.code());
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            Attribute attribute = next.get();
            if (attribute.type() == XfrmAttribute.TMPL.code()) {
                templates = UserTemplate.readAll(attribute.value());
            } else if (attribute.type() == XfrmAttribute.SA_PCPU.code()) {
                cpu = CpuAttribute.read(attribute.value());
            }
        }
        for (UserTemplate template : templates) {
            if (ReqId.isOurs(template.reqid())) {
                return Optional.of(new KernelEvent.Acquire(
                        acquire.seq(),
                        new ReqId(template.reqid()),
                        cpu,
                        acquire.sel().toPacketSelector()));
            }
        }
        return Optional.empty();
    }

    private static Optional<KernelEvent> expire(NetlinkReader in) throws DecodeException {
        UserExpire expire = UserExpire.read(in);
        return gone(expire.state(), expire.hard());
    }

    /** {@code struct xfrm_usersa_id}, and the whole state in XFRMA_SA. */
    private static Optional<KernelEvent> deletedSa(NetlinkReader in) throws DecodeException {
        UserSaId.read(in);
        AttributeCursor attributes = new AttributeCursor(in, XfrmAttribute.PAD.code());
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            if (next.get().type() == XfrmAttribute.SA.code()) {
                return gone(UserSaInfo.read(next.get().value()), true);
            }
        }
        return Optional.empty();
    }

    private static Optional<KernelEvent> gone(UserSaInfo state, boolean hard) throws DecodeException {
        if (state.id().proto() != IpProtocol.ESP || !ReqId.isOurs(state.reqid())) {
            return Optional.empty();
        }
        return SaState.saId(state).map(id -> new KernelEvent.Expire(id, new ReqId(state.reqid()), hard));
    }

    /** {@code struct xfrm_userpolicy_id}, the whole policy in XFRMA_POLICY, and its templates. */
    private static Optional<KernelEvent> deletedPolicy(NetlinkReader in) throws DecodeException {
        UserPolicyId.read(in);
        AttributeCursor attributes = new AttributeCursor(in, XfrmAttribute.PAD.code());
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            if (next.get().type() == XfrmAttribute.TMPL.code()) {
                for (UserTemplate template : UserTemplate.readAll(next.get().value())) {
                    if (ReqId.isOurs(template.reqid())) {
                        return Optional.of(new KernelEvent.Overrun());
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<KernelEvent> mapping(NetlinkReader in) throws DecodeException {
        UserMapping mapping = UserMapping.read(in);
        UserSaId id = mapping.id();
        if (id.proto() != IpProtocol.ESP || !ReqId.isOurs(mapping.reqid())) {
            return Optional.empty();
        }
        Optional<SaId> saId = SaState.saId(id.daddr(), id.spi(), id.family());
        Endpoint previous = new Endpoint(mapping.oldSaddr().as(id.family()), mapping.oldSport());
        Endpoint current = new Endpoint(mapping.newSaddr().as(id.family()), mapping.newSport());
        return saId.map(sa -> new KernelEvent.Mapping(sa, new ReqId(mapping.reqid()), previous, current));
    }
}
