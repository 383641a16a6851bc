package org.ikev2d.xfrm.netlink;

import java.util.Locale;
import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;

/** Walks the attributes ({@code struct nlattr}) behind a message's fixed part. */
public final class AttributeCursor {
    /** NLA_F_NESTED and NLA_F_NET_BYTEORDER are no part of the type. */
    private static final int NLA_TYPE_MASK = 0x3fff;

    private static final int HEADER = 4;

    /** @param type without flags */
    public record Attribute(int type, NetlinkReader value) {}

    private final NetlinkReader in;
    private final int padding;

    /** @param padding the family's attribute type that only aligns the next one; skipped */
    public AttributeCursor(NetlinkReader in, int padding) {
        this.in = in;
        this.padding = padding;
    }

    /** The next attribute, empty behind the last. */
    public Optional<Attribute> next() throws DecodeException {
        while (in.remaining() > 0) {
            int length = in.u16("nla_len");
            int type = in.u16("nla_type") & NLA_TYPE_MASK;
            if (length < HEADER || length - HEADER > in.remaining()) {
                throw in.error(
                        Fault.BAD_LENGTH,
                        "nla_len",
                        length,
                        String.format(Locale.ROOT, "attribute %d: 4 to %d", type, in.remaining() + HEADER));
            }
            NetlinkReader value = in.slice(length - HEADER, "attribute " + type);
            in.align(length);
            if (type != padding) {
                return Optional.of(new Attribute(type, value));
            }
        }
        return Optional.empty();
    }
}
