package org.ikev2d.xfrm.codec;

import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;

/**
 * A state as the kernel shows it in XFRM_MSG_NEWSA, without its keys.
 *
 * @param encapsulation its UDP ports, empty for plain ESP
 * @param keyed whether it has an algorithm; a larval state has none
 * @param lastUsed XFRMA_LASTUSED, seconds since the epoch; 0 for never, or where the kernel does not tell
 */
public record SaState(
        UserSaInfo info,
        Optional<Direction> direction,
        Optional<CpuId> cpu,
        Optional<Encapsulation> encapsulation,
        boolean keyed,
        long lastUsed) {
    public static SaState read(NetlinkReader in) throws DecodeException {
        UserSaInfo info = UserSaInfo.read(in);
        Optional<Direction> direction = Optional.empty();
        Optional<CpuId> cpu = Optional.empty();
        Optional<Encapsulation> encapsulation = Optional.empty();
        boolean keyed = false;
        long lastUsed = 0;
        AttributeCursor attributes = new AttributeCursor(in, XfrmAttribute.PAD.code());
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            NetlinkReader value = next.get().value();
            switch (XfrmAttribute.of(next.get().type()).orElse(XfrmAttribute.PAD)) {
                case ALG_AEAD, ALG_CRYPT, ALG_AUTH, ALG_AUTH_TRUNC -> keyed = true;
                case SA_DIR -> direction = DirectionCode.state(value.u8("sa_dir"));
                case ENCAP ->
                    encapsulation = Optional.of(EncapTemplate.read(value).ports());
                case SA_PCPU -> cpu = CpuAttribute.read(value);
                case LASTUSED -> lastUsed = value.u64("lastused");
                default -> {}
            }
        }
        return new SaState(info, direction, cpu, encapsulation, keyed, lastUsed);
    }

    /** Whether it is an ESP state with a reqid of ours. */
    public boolean isOurs() {
        return info.id().proto() == IpProtocol.ESP && ReqId.isOurs(info.reqid());
    }

    /** Only for states of ours; empty for what an ACQUIRE made, which has no SPI yet. */
    public Optional<InstalledSa> toInstalledSa() throws DecodeException {
        Optional<SaId> id = saId(info);
        return id.isEmpty()
                ? Optional.empty()
                : Optional.of(new InstalledSa(
                        id.get(), info.saddr().as(info.family()), new ReqId(info.reqid()), direction, cpu, !keyed));
    }

    /** Where the kernel does not tell the last use, the first stands for it. */
    public SaUsage usage() {
        LifetimeCurrent counters = info.curlft();
        return new SaUsage(counters.bytes(), counters.packets(), lastUsed != 0 ? lastUsed : counters.useTime());
    }

    /** Empty for SPIs that no ESP state on the wire can have. */
    static Optional<SaId> saId(UserSaInfo info) throws DecodeException {
        return saId(info.id().daddr(), info.id().spi(), info.family());
    }

    static Optional<SaId> saId(XfrmAddress daddr, int spi, int family) throws DecodeException {
        return EspSpiRange.contains(spi) ? Optional.of(new SaId(daddr.as(family), new EspSpi(spi))) : Optional.empty();
    }

    private static final class EspSpiRange {
        private static final int LARGEST_RESERVED = 255;

        static boolean contains(int spi) {
            return Integer.compareUnsigned(spi, LARGEST_RESERVED) > 0;
        }
    }
}
