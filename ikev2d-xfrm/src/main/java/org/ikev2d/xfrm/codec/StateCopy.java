package org.ikev2d.xfrm.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * A whole state as XFRM_MSG_GETSA shows it, its keys, counters and sequence numbers included, to be put in once more between
 * other endpoints. It holds keys: whoever asks for it closes it.
 */
public final class StateCopy implements AutoCloseable {
    /**
     * More packets than a state can send between the look at it and its end, with a pause of the JVM's between: 16 s at a
     * million a second. Its successor goes on behind them; a number that both had used would be an IV used twice.
     */
    public static final long AHEAD = 1 << 24;

    /** {@code __u32 oseq} comes first in struct xfrm_replay_state. */
    private static final int OSEQ = 0;

    private static final int ESN_OSEQ = 4;
    private static final int ESN_OSEQ_HI = 12;
    private static final long LAST = 0xffff_ffffL;

    private static final int CRYPT_KEY = 68;
    private static final int OTHER_KEY = 72;

    private final UserSaInfo info;
    private final List<Part> parts;

    /** An attribute. */
    private record Part(int type, Secret value) {
        boolean is(XfrmAttribute attribute) {
            return type == attribute.code();
        }
    }

    private StateCopy(UserSaInfo info, List<Part> parts) {
        this.info = info;
        this.parts = parts;
    }

    public static StateCopy read(NetlinkReader in) throws DecodeException {
        UserSaInfo info = UserSaInfo.read(in);
        List<Part> parts = new ArrayList<>();
        AttributeCursor attributes = new AttributeCursor(in, XfrmAttribute.PAD.code());
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            parts.add(
                    new Part(next.get().type(), Secret.owning(next.get().value().octets())));
        }
        return new StateCopy(info, parts);
    }

    /** Whether the kernel keeps the keys to itself: in lockdown it shows zeros. */
    public boolean isRedacted() {
        return parts.stream().anyMatch(StateCopy::isRedacted);
    }

    private static boolean isRedacted(Part part) {
        if (!part.is(XfrmAttribute.ALG_AEAD)
                && !part.is(XfrmAttribute.ALG_CRYPT)
                && !part.is(XfrmAttribute.ALG_AUTH_TRUNC)) {
            return false;
        }
        int from = part.is(XfrmAttribute.ALG_CRYPT) ? CRYPT_KEY : OTHER_KEY;
        return part.value().use(octets -> {
            int any = 0;
            for (int i = from; i < octets.length; i++) {
                any |= octets[i];
            }
            return any == 0;
        });
    }

    /** Whether {@code header} has the same addresses, and ports where it has some: then the state itself can be changed. */
    public boolean differsInPortsOnly(OuterHeader header) {
        return info.saddr().equals(XfrmAddress.of(header.source()))
                && info.id().daddr().equals(XfrmAddress.of(header.destination()))
                && has(XfrmAttribute.ENCAP) == header.encapsulation().isPresent();
    }

    /** Whether a successor would have no sequence numbers left (RFC 4303 §3.3.3). */
    public boolean isSpent() {
        return isAhead() && parts.stream().anyMatch(this::isSpent);
    }

    private boolean isSpent(Part part) {
        boolean esn = (info.flags() & UserSaInfo.FLAG_ESN) != 0;
        return !esn && place(part) >= 0 && part.value().use(octets -> u32(octets, place(part)) + AHEAD > LAST);
    }

    /** Where the last number that was sent stands in {@code part}; -1: it has none. */
    private static int place(Part part) {
        return part.is(XfrmAttribute.REPLAY_VAL) ? OSEQ : part.is(XfrmAttribute.REPLAY_ESN_VAL) ? ESN_OSEQ : -1;
    }

    /** An inbound one does not send. */
    private boolean isAhead() {
        return parts.stream()
                .filter(part -> part.is(XfrmAttribute.SA_DIR))
                .noneMatch(part -> part.value().use(octets -> octets[0] == DirectionCode.ofState(Direction.IN)));
    }

    /** The body of XFRM_MSG_UPDSA that gives the state itself other ports. */
    public void writeChange(NetlinkWriter out, OuterHeader header) {
        write(out, header, 0);
    }

    /** The body of XFRM_MSG_NEWSA for a state in its place: an outbound one goes on with numbers that it has not used. */
    public void writeSuccessor(NetlinkWriter out, OuterHeader header) {
        write(out, header, isAhead() ? AHEAD : 0);
    }

    private void write(NetlinkWriter out, OuterHeader header, long ahead) {
        new UserSaInfo(
                        info.sel(),
                        new XfrmId(
                                XfrmAddress.of(header.destination()),
                                info.id().spi(),
                                info.id().proto()),
                        XfrmAddress.of(header.source()),
                        info.lft(),
                        LifetimeCurrent.NONE,
                        XfrmStats.NONE,
                        info.seq(),
                        info.reqid(),
                        AddressFamily.of(header.destination()),
                        info.mode(),
                        has(XfrmAttribute.REPLAY_ESN_VAL) ? 0 : info.replayWindow(),
                        info.flags())
                .write(out);
        for (Part part : parts) {
            switch (XfrmAttribute.of(part.type()).orElse(XfrmAttribute.PAD)) {
                // What is told only, an older form of ALG_AUTH_TRUNC, and what is another now.
                case LASTUSED, ALG_AUTH, ENCAP, MTIMER_THRESH -> {}
                case REPLAY_VAL, REPLAY_ESN_VAL ->
                    out.attribute(
                            part.type(),
                            value -> part.value().use(octets -> value.octets(advanced(part, octets, ahead))));
                default -> out.attribute(part.type(), value -> part.value().use(value::octets));
            }
        }
        SaRequests.encapsulation(out, header.encapsulation(), !isAhead());
        out.attribute(XfrmAttribute.LTIME_VAL.code(), value -> info.curlft().write(value));
    }

    private static byte[] advanced(Part part, byte[] replay, long ahead) {
        byte[] copy = replay.clone();
        ByteBuffer fields = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
        long next = u32(copy, place(part)) + ahead;
        fields.putInt(place(part), (int) next);
        if (part.is(XfrmAttribute.REPLAY_ESN_VAL) && next > LAST) {
            fields.putInt(ESN_OSEQ_HI, fields.getInt(ESN_OSEQ_HI) + 1);
        }
        return copy;
    }

    private static long u32(byte[] octets, int at) {
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder()).getInt(at));
    }

    private boolean has(XfrmAttribute attribute) {
        return parts.stream().anyMatch(part -> part.is(attribute));
    }

    @Override
    public void close() {
        parts.forEach(part -> part.value().close());
    }
}
