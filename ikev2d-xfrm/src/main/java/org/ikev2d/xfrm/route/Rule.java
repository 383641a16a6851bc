package org.ikev2d.xfrm.route;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.net.IpPrefix;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * A rule of policy routing, of the kinds that we make (linux/fib_rules.h).
 *
 * <pre>
 * struct fib_rule_hdr: family, dst_len, src_len, tos, table, 2 octets, action, __u32 flags
 * </pre>
 *
 * @param priority lower numbers are looked at first
 * @param target of {@link Action#GOTO} the priority to go on at, of {@link Action#TABLE} the table, else 0
 * @param mark that packets must bear; empty: any
 * @param from that they come from; empty: anywhere
 * @param to that they go to; empty: anywhere
 */
public record Rule(
        boolean ipv4,
        int priority,
        Action action,
        int target,
        OptionalInt mark,
        Optional<IpPrefix> from,
        Optional<IpPrefix> to) {
    private static final int RT_TABLE_COMPAT = 252;
    private static final int FIND_SADDR = 0x10000;

    private static final int FRA_DST = 1;
    private static final int FRA_SRC = 2;
    private static final int FRA_GOTO = 4;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_FWMARK = 10;
    private static final int FRA_TABLE = 15;
    private static final int FRA_PROTOCOL = 21;
    private static final int RTPROT_STATIC = 4;

    private static final int NO_PADDING = -1;

    /** FR_ACT_*. */
    public enum Action {
        /** The packet is looked for in a table, and where that has no route, in the next rule. */
        TABLE(1),
        GOTO(2),
        /** Nothing; a place to go to. */
        NOP(3);

        private final int code;

        Action(int code) {
            this.code = code;
        }
    }

    public static Rule skip(boolean ipv4, int priority, int to, int mark) {
        return new Rule(ipv4, priority, Action.GOTO, to, OptionalInt.of(mark), Optional.empty(), Optional.empty());
    }

    public static Rule place(boolean ipv4, int priority) {
        return new Rule(ipv4, priority, Action.NOP, 0, OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    public static Rule table(int priority, int table, IpPrefix from, IpPrefix to) {
        return new Rule(
                to.first().isIpv4(),
                priority,
                Action.TABLE,
                table,
                OptionalInt.empty(),
                Optional.of(from).filter(prefix -> prefix.length() > 0),
                Optional.of(to).filter(prefix -> prefix.length() > 0));
    }

    /** The body of RTM_NEWRULE and RTM_DELRULE. */
    public void write(NetlinkWriter out) {
        out.u8(ipv4 ? RouteRequests.AF_INET : RouteRequests.AF_INET6)
                .u8(to.map(IpPrefix::length).orElse(0))
                .u8(from.map(IpPrefix::length).orElse(0))
                .u8(0)
                .u8(action == Action.TABLE ? RT_TABLE_COMPAT : 0)
                .zeros(2)
                .u8(action.code)
                // Packets of IPv6 that have no address yet are held against "from" with the one that they would get.
                .u32(!ipv4 && action == Action.TABLE ? FIND_SADDR : 0);
        out.attribute(FRA_PRIORITY, value -> value.u32(priority));
        out.attribute(FRA_PROTOCOL, value -> value.u8(RTPROT_STATIC));
        from.ifPresent(prefix -> prefix(out, FRA_SRC, prefix));
        to.ifPresent(prefix -> prefix(out, FRA_DST, prefix));
        mark.ifPresent(bits -> out.attribute(FRA_FWMARK, value -> value.u32(bits)));
        if (action == Action.TABLE) {
            out.attribute(FRA_TABLE, value -> value.u32(target));
        } else if (action == Action.GOTO) {
            out.attribute(FRA_GOTO, value -> value.u32(target));
        }
    }

    private static void prefix(NetlinkWriter out, int type, IpPrefix prefix) {
        out.attribute(type, value -> value.bytes(prefix.first().octets()));
    }

    /** RTM_GETRULE for all rules. */
    public static void all(NetlinkWriter out) {
        out.zeros(12);
    }

    /**
     * What an RTM_NEWRULE tells of.
     *
     * @param priorities whose rules are wanted; empty for any other, and for a kind that we do not make
     */
    public static Optional<Rule> read(NetlinkReader body, IntPredicate priorities) throws DecodeException {
        int family = body.u8("family");
        int toLength = body.u8("dst_len");
        int fromLength = body.u8("src_len");
        body.skip(4, "struct fib_rule_hdr");
        int code = body.u8("action");
        body.skip(4, "flags");
        int priority = 0;
        int target = 0;
        OptionalInt mark = OptionalInt.empty();
        Optional<IpAddress> from = Optional.empty();
        Optional<IpAddress> to = Optional.empty();
        AttributeCursor attributes = new AttributeCursor(body, NO_PADDING);
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            NetlinkReader value = next.get().value();
            switch (next.get().type()) {
                case FRA_PRIORITY -> priority = value.u32("priority");
                case FRA_GOTO, FRA_TABLE -> target = Math.max(target, value.u32("target"));
                case FRA_FWMARK -> mark = OptionalInt.of(value.u32("mark"));
                case FRA_SRC -> from = RouteRequests.address(family, value);
                case FRA_DST -> to = RouteRequests.address(family, value);
                default -> {}
            }
        }
        if (!priorities.test(priority)) {
            return Optional.empty();
        }
        for (Action action : Action.values()) {
            if (action.code == code) {
                return Optional.of(new Rule(
                        family == RouteRequests.AF_INET,
                        priority,
                        action,
                        action == Action.NOP ? 0 : target,
                        mark,
                        prefix(from, fromLength),
                        prefix(to, toLength)));
            }
        }
        return Optional.empty();
    }

    private static Optional<IpPrefix> prefix(Optional<IpAddress> address, int length) {
        return address.map(first -> new IpPrefix(first, length));
    }
}
