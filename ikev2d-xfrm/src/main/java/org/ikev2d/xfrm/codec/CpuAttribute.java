package org.ikev2d.xfrm.codec;

import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.xfrm.netlink.NetlinkReader;

/** XFRMA_SA_PCPU: {@code __u32}, all ones for none. */
final class CpuAttribute {
    private CpuAttribute() {}

    static Optional<CpuId> read(NetlinkReader value) throws DecodeException {
        int number = value.u32("sa_pcpu");
        return number < 0 ? Optional.empty() : Optional.of(new CpuId(number));
    }
}
