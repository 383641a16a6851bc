package org.ikev2d.xfrm.netlink;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;

/** One message of a datagram; its body is valid as long as the datagram's buffer is. */
public record NetlinkMessage(NetlinkHeader header, NetlinkReader body) {
    /** The messages of one datagram, one after the other. */
    public static final class Datagram {
        private final NetlinkReader in;

        public Datagram(ByteBuffer octets) {
            this.in = NetlinkReader.of(octets, "netlink");
        }

        /** The next message, empty behind the last. */
        public Optional<NetlinkMessage> next() throws DecodeException {
            if (in.remaining() == 0) {
                return Optional.empty();
            }
            NetlinkHeader header = NetlinkHeader.read(in);
            if (header.length() < NetlinkHeader.SIZE || header.length() - NetlinkHeader.SIZE > in.remaining()) {
                throw in.error(
                        Fault.BAD_LENGTH,
                        "nlmsg_len",
                        header.length(),
                        String.format(Locale.ROOT, "16 to %d", in.remaining() + NetlinkHeader.SIZE));
            }
            NetlinkReader body = in.slice(header.length() - NetlinkHeader.SIZE, "message " + header.type());
            in.align(header.length());
            return Optional.of(new NetlinkMessage(header, body));
        }
    }
}
