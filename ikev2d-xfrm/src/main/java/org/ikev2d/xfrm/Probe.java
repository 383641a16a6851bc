package org.ikev2d.xfrm;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.Capabilities.Capability;
import org.ikev2d.xfrm.codec.Placement;
import org.ikev2d.xfrm.codec.SaRequests;
import org.ikev2d.xfrm.codec.SaState;
import org.ikev2d.xfrm.codec.XfrmMessage;
import org.ikev2d.xfrm.netlink.Conversation;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.netlink.NetlinkException;
import org.ikev2d.xfrm.socket.NetlinkSocket;

/**
 * Finds out what the kernel can by asking it for what nobody has: states between documentation addresses (RFC 5737,
 * RFC 3849) with a reqid that no tunnel uses, taken out at once.
 */
final class Probe {
    private static final IpAddress SOURCE = IpAddress.of((byte) 192, (byte) 0, (byte) 2, (byte) 1);
    private static final IpAddress DESTINATION = IpAddress.of((byte) 192, (byte) 0, (byte) 2, (byte) 2);
    private static final ReqId REQID = new ReqId(ReqId.LAST);

    private static final IpAddress SOURCE6 = new IpAddress(Bytes.hex("20010db8000000000000000000000001"));
    private static final IpAddress DESTINATION6 = new IpAddress(Bytes.hex("20010db8000000000000000000000002"));
    private static final EspSpi SPI = new EspSpi(0xffff1ce2);

    private static final String XFRM = "XFRM";
    private static final String NET_ADMIN = "CAP_NET_ADMIN";
    private static final String ESP4 = "ESP over IPv4";
    private static final String ESP6 = "ESP over IPv6";
    private static final String SA_DIR = "SA_DIR";
    private static final String SA_PCPU = "SA_PCPU";

    private Probe() {}

    static Capabilities run() {
        try (Conversation conversation = new Conversation(NetlinkSocket.forRequests())) {
            return ask(conversation);
        } catch (NetlinkException e) {
            String why = Refusals.words(e);
            return new Capabilities(
                    new Capability(XFRM, why),
                    new Capability(NET_ADMIN, why),
                    new Capability(ESP4, why),
                    new Capability(ESP6, why),
                    new Capability(SA_DIR, why),
                    new Capability(SA_PCPU, why));
        }
    }

    private static Capabilities ask(Conversation conversation) {
        Capability xfrm = Capability.there(XFRM);
        SaState reserved;
        try {
            reserved = reserve(conversation);
        } catch (NetlinkException e) {
            String why = Refusals.words(e);
            return new Capabilities(
                    xfrm,
                    e.is(Errno.EPERM) ? new Capability(NET_ADMIN, why) : Capability.there(NET_ADMIN),
                    new Capability(ESP4, why),
                    new Capability(ESP6, why),
                    new Capability(SA_DIR, why),
                    new Capability(SA_PCPU, why));
        }
        XfrmKernel kernel = new XfrmKernel(conversation, Placement.NONE, 0);
        return new Capabilities(
                xfrm,
                Capability.there(NET_ADMIN),
                esp(kernel, ESP4, SOURCE, DESTINATION),
                esp(kernel, ESP6, SOURCE6, DESTINATION6),
                repeated(SA_DIR, reserved.direction(), "the kernel is older than Linux 6.10"),
                repeated(SA_PCPU, reserved.cpu(), "the kernel is older than Linux 6.13"));
    }

    /**
     * A reservation, already taken out again, with a direction and a CPU. What the kernel knows of these it repeats in
     * its answer; the rest it ignores.
     */
    static SaState reserve(Conversation conversation) throws NetlinkException {
        SaState reserved = conversation.query(
                XfrmMessage.ALLOCSPI.code(),
                out -> {
                    SaRequests.allocateSpi(
                            out,
                            SOURCE,
                            DESTINATION,
                            REQID,
                            XfrmKernel.LOWEST_SPI,
                            XfrmKernel.HIGHEST_SPI,
                            Placement.NONE);
                    SaRequests.cpu(out, 0);
                },
                message -> SaState.read(message.body()));
        SaId id = new SaId(DESTINATION, new EspSpi(reserved.info().id().spi()));
        conversation.change(
                XfrmMessage.DELSA.code(), out -> SaRequests.name(out, id, Optional.empty(), Placement.NONE));
        return reserved;
    }

    private static Capability repeated(String name, Optional<?> answer, String why) {
        return answer.isPresent() ? Capability.there(name) : new Capability(name, why);
    }

    private static Capability esp(XfrmKernel kernel, String name, IpAddress source, IpAddress destination) {
        SaId id = new SaId(destination, SPI);
        try (EspKeys keys = new EspKeys(Secret.owning(new byte[16]), Secret.owning(new byte[32]))) {
            kernel.install(new SaSpec(
                    Direction.OUT,
                    source,
                    id,
                    REQID,
                    Optional.empty(),
                    new EspSuite(EncryptionAlgorithm.AES_CBC, 128, Integrity.HMAC_SHA2_256_128, false),
                    keys,
                    Optional.empty(),
                    0,
                    0));
            kernel.remove(id);
            return Capability.there(name);
        } catch (KernelException e) {
            String why = e.getMessage().substring(e.operation().length() + 2);
            return Errno.EEXIST.is(e.errno()) ? Capability.there(name) : new Capability(name, why);
        }
    }
}
