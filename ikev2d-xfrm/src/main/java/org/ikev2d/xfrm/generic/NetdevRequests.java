package org.ikev2d.xfrm.generic;

import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * Bodies of requests to the family {@code netdev} of generic netlink, Linux 6.8 or later (linux/netdev.h), and to the one
 * that knows the families' numbers (linux/genetlink.h). Each begins with {@code struct genlmsghdr}: __u8 cmd, __u8 version,
 * 2 octets reserved.
 */
public final class NetdevRequests {
    /** The family that knows the others. */
    public static final int GENL_ID_CTRL = 16;

    private static final int HEADER_SIZE = 4;
    private static final int VERSION = 1;
    private static final int NO_PADDING = -1;

    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_ATTR_FAMILY_ID = 1;
    private static final int CTRL_ATTR_FAMILY_NAME = 2;

    private static final int QUEUE_GET = 10;
    private static final int A_QUEUE_ID = 1;
    private static final int A_QUEUE_IFINDEX = 2;
    private static final int A_QUEUE_TYPE = 3;
    private static final int A_QUEUE_NAPI_ID = 4;
    private static final int QUEUE_TYPE_RX = 0;

    private static final int NAPI_GET = 11;
    private static final int A_NAPI_IFINDEX = 1;
    private static final int A_NAPI_ID = 2;
    private static final int A_NAPI_IRQ = 3;

    private NetdevRequests() {}

    /** A receive queue, and what polls it. */
    public record Queue(int id, int napi) {}

    /** What polls queues, and the interrupt that wakes it. */
    public record Napi(int id, int irq) {}

    /** Asks for the number of the family {@code netdev}. */
    public static void family(NetlinkWriter out) {
        out.u8(CTRL_CMD_GETFAMILY).u8(VERSION).zeros(2);
        out.attribute(CTRL_ATTR_FAMILY_NAME, value -> value.text("netdev", "netdev".length() + 1));
    }

    public static int readFamily(NetlinkReader body) throws DecodeException {
        body.skip(HEADER_SIZE, "struct genlmsghdr");
        int id = 0;
        AttributeCursor attributes = new AttributeCursor(body, NO_PADDING);
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            if (next.get().type() == CTRL_ATTR_FAMILY_ID) {
                id = next.get().value().u16("CTRL_ATTR_FAMILY_ID");
            }
        }
        return id;
    }

    /** Asks for all queues of the device of that number. */
    public static void queues(NetlinkWriter out, int device) {
        out.u8(QUEUE_GET).u8(VERSION).zeros(2);
        out.attribute(A_QUEUE_IFINDEX, value -> value.u32(device));
    }

    /** Empty for a queue that transmits, and for one whose driver does not say what polls it. */
    public static Optional<Queue> readQueue(NetlinkReader body) throws DecodeException {
        body.skip(HEADER_SIZE, "struct genlmsghdr");
        int id = 0;
        int type = QUEUE_TYPE_RX;
        OptionalInt napi = OptionalInt.empty();
        AttributeCursor attributes = new AttributeCursor(body, NO_PADDING);
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            NetlinkReader value = next.get().value();
            switch (next.get().type()) {
                case A_QUEUE_ID -> id = value.u32("id");
                case A_QUEUE_TYPE -> type = value.u32("type");
                case A_QUEUE_NAPI_ID -> napi = OptionalInt.of(value.u32("napi_id"));
                default -> {}
            }
        }
        return type == QUEUE_TYPE_RX && napi.isPresent()
                ? Optional.of(new Queue(id, napi.getAsInt()))
                : Optional.empty();
    }

    /** Asks for all that polls queues of the device of that number. */
    public static void napis(NetlinkWriter out, int device) {
        out.u8(NAPI_GET).u8(VERSION).zeros(2);
        out.attribute(A_NAPI_IFINDEX, value -> value.u32(device));
    }

    /** Empty where the driver does not say which interrupt is its. */
    public static Optional<Napi> readNapi(NetlinkReader body) throws DecodeException {
        body.skip(HEADER_SIZE, "struct genlmsghdr");
        int id = 0;
        OptionalInt irq = OptionalInt.empty();
        AttributeCursor attributes = new AttributeCursor(body, NO_PADDING);
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            NetlinkReader value = next.get().value();
            switch (next.get().type()) {
                case A_NAPI_ID -> id = value.u32("id");
                case A_NAPI_IRQ -> irq = OptionalInt.of(value.u32("irq"));
                default -> {}
            }
        }
        return irq.isPresent() ? Optional.of(new Napi(id, irq.getAsInt())) : Optional.empty();
    }
}
