package org.ikev2d.xfrm.userspace;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.net.IpPrefix;
import org.ikev2d.xfrm.netlink.Conversation;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.netlink.NetlinkException;
import org.ikev2d.xfrm.netlink.NetlinkHeader;
import org.ikev2d.xfrm.route.LinkRequests;
import org.ikev2d.xfrm.route.RouteMessage;
import org.ikev2d.xfrm.route.RouteRequests;
import org.ikev2d.xfrm.route.Rule;
import org.ikev2d.xfrm.socket.NetlinkSocket;

/**
 * Leads packets into the device as a policy of the kernel's would catch them: by source and destination, before any other
 * route. Rules name a table of the tunnel's, which holds its routes:
 *
 * <pre>
 * 7394: from all fwmark 0x1ce2 goto 7396
 * 7395: from LOCAL to REMOTE lookup REQID     what a source address was chosen for
 * 7395: from 0.0.0.0 to REMOTE lookup REQID   where an address of ours lies in LOCAL: the route has it as a hint
 * 7396: from all nop
 * </pre>
 *
 * <p>Our own outer packets bear the mark, and so take the ways that there are without us: also where REMOTE is everything,
 * or the peer itself. Routes go with the device; rules that a crashed run left lead to empty tables, which changes
 * nothing, and are removed at the next start. One thread at a time.
 */
final class Routing implements AutoCloseable {
    static final int MARK = 0x1ce2;

    private static final int BEFORE = 7394;
    private static final int WAYS = 7395;
    private static final int BEHIND = 7396;

    private static final IpPrefix NO_SOURCE_YET = new IpPrefix(new IpAddress(Bytes.of(new byte[4])), 32);

    private final Conversation conversation;
    private final int device;
    private final Set<Rule> rules = new LinkedHashSet<>();
    private Map<Place, Route> routes = new LinkedHashMap<>();

    private record Place(int table, IpPrefix to) {}

    private record Route(Place place, int mtu, Optional<IpAddress> source) {}

    private Routing(Conversation conversation, int device) {
        this.conversation = conversation;
        this.device = device;
    }

    /**
     * What the device is to be like.
     *
     * @param queueLength packets that wait in each queue
     * @param longestPacket octets, of those that are to be cut into segments
     */
    record Link(String name, int mtu, int queueLength, int longestPacket) {}

    /** Sets the device up, and removes what an earlier run left. */
    static Routing open(Link link) throws KernelException {
        Conversation conversation = conversation();
        try {
            int index = conversation.query(
                    RouteMessage.GETLINK.code(),
                    out -> LinkRequests.byName(out, link.name()),
                    message -> LinkRequests.index(message.body()));
            prepare(conversation, link);
            Routing routing = new Routing(conversation, index);
            routing.removeRules(routing.found());
            return routing;
        } catch (NetlinkException e) {
            conversation.close();
            throw refusal("setting up " + link.name(), e);
        } catch (KernelException e) {
            conversation.close();
            throw e;
        }
    }

    private static void prepare(Conversation conversation, Link link) throws NetlinkException {
        conversation.change(
                RouteMessage.NEWLINK.code(),
                out -> LinkRequests.prepare(out, link.name(), link.mtu(), link.queueLength(), link.longestPacket()));
        try {
            conversation.change(RouteMessage.NEWLINK.code(), out -> LinkRequests.withoutAddress(out, link.name()));
        } catch (NetlinkException e) {
            // Without IPv6 there is no address to prevent.
            if (!e.isRefusal()) {
                throw e;
            }
        }
        conversation.change(RouteMessage.NEWLINK.code(), out -> LinkRequests.up(out, link.name()));
    }

    /** Removes the rules that an earlier run left. */
    static void sweep() throws KernelException {
        try (Conversation conversation = conversation()) {
            Routing routing = new Routing(conversation, 0);
            routing.removeRules(routing.found());
        }
    }

    private static Conversation conversation() throws KernelException {
        try {
            return new Conversation(NetlinkSocket.forRoutes());
        } catch (NetlinkException e) {
            throw refusal("opening NETLINK_ROUTE", e);
        }
    }

    /** Makes that exactly {@code ways} lead into the device; addresses of this machine's are looked up anew. */
    void lead(Collection<Way> ways) throws KernelException {
        Set<IpAddress> ours = addresses();
        Map<Place, Route> wantedRoutes = new LinkedHashMap<>();
        Set<Rule> wantedRules = new LinkedHashSet<>();
        for (Way way : ways) {
            Optional<IpAddress> source =
                    ours.stream().filter(way.from()::contains).findFirst();
            Place place = new Place(way.table(), way.to());
            Route known = wantedRoutes.get(place);
            if (known == null || known.source().isEmpty()) {
                wantedRoutes.put(place, new Route(place, way.mtu(), source));
            }
            boolean ipv4 = way.to().first().isIpv4();
            wantedRules.add(Rule.place(ipv4, BEHIND));
            wantedRules.add(Rule.skip(ipv4, BEFORE, BEHIND, MARK));
            wantedRules.add(Rule.table(WAYS, way.table(), way.from(), way.to()));
            if (ipv4 && source.isPresent()) {
                wantedRules.add(Rule.table(WAYS, way.table(), NO_SOURCE_YET, way.to()));
            }
        }
        for (Route route : wantedRoutes.values()) {
            if (!route.equals(routes.get(route.place()))) {
                add(route);
            }
        }
        for (Rule rule : wantedRules) {
            if (!rules.contains(rule)) {
                add(rule);
            }
        }
        Set<Rule> superfluous = new LinkedHashSet<>(rules);
        superfluous.removeAll(wantedRules);
        removeRules(superfluous);
        for (Place place : Set.copyOf(routes.keySet())) {
            if (!wantedRoutes.containsKey(place)) {
                remove(place);
            }
        }
    }

    private Set<IpAddress> addresses() throws KernelException {
        try {
            return new LinkedHashSet<>(conversation.dump(
                    RouteMessage.GETADDR.code(),
                    LinkRequests::allAddresses,
                    message -> LinkRequests.address(message.body())));
        } catch (NetlinkException e) {
            throw refusal("GETADDR of all addresses", e);
        }
    }

    private void add(Route route) throws KernelException {
        change(
                "NEWROUTE to " + route.place().to().first() + "/"
                        + route.place().to().length(),
                () -> {
                    conversation.change(
                            RouteMessage.NEWROUTE.code(),
                            NetlinkHeader.NLM_F_CREATE | NetlinkHeader.NLM_F_REPLACE,
                            out -> RouteRequests.device(
                                    out,
                                    route.place().table(),
                                    route.place().to(),
                                    device,
                                    route.mtu(),
                                    route.source()));
                    routes.put(route.place(), route);
                });
    }

    private void remove(Place place) throws KernelException {
        change("DELROUTE to " + place.to().first() + "/" + place.to().length(), () -> {
            ifThere(() -> conversation.change(
                    RouteMessage.DELROUTE.code(), out -> RouteRequests.name(out, place.table(), place.to(), device)));
            routes.remove(place);
        });
    }

    private void add(Rule rule) throws KernelException {
        change("NEWRULE " + rule.priority(), () -> {
            conversation.change(RouteMessage.NEWRULE.code(), NetlinkHeader.NLM_F_CREATE, rule::write);
            rules.add(rule);
        });
    }

    private void removeRules(Collection<Rule> superfluous) throws KernelException {
        for (Rule rule : superfluous) {
            change("DELRULE " + rule.priority(), () -> {
                ifThere(() -> conversation.change(RouteMessage.DELRULE.code(), rule::write));
                rules.remove(rule);
            });
        }
    }

    /** The rules of ours that the kernel has. */
    private List<Rule> found() throws KernelException {
        try {
            List<Rule> found = new ArrayList<>(conversation.dump(
                    RouteMessage.GETRULE.code(),
                    Rule::all,
                    message -> Rule.read(message.body(), priority -> priority >= BEFORE && priority <= BEHIND)));
            found.removeIf(rule -> !isOurs(rule));
            return found;
        } catch (NetlinkException e) {
            throw refusal("GETRULE of all rules", e);
        }
    }

    private static boolean isOurs(Rule rule) {
        return switch (rule.action()) {
            case TABLE -> ReqId.isOurs(rule.target());
            case GOTO -> rule.target() == BEHIND && rule.mark().orElse(0) == MARK;
            case NOP -> rule.from().isEmpty() && rule.to().isEmpty();
        };
    }

    private interface Change {
        void run() throws NetlinkException;
    }

    private static void change(String operation, Change change) throws KernelException {
        try {
            change.run();
        } catch (NetlinkException e) {
            throw refusal(operation, e);
        }
    }

    /** Who else removed it, or that it went with a device, is no error. */
    private static void ifThere(Change removal) throws NetlinkException {
        try {
            removal.run();
        } catch (NetlinkException e) {
            if (!e.is(Errno.ENOENT) && !e.is(Errno.ESRCH) && !e.is(Errno.ENODEV)) {
                throw e;
            }
        }
    }

    private static KernelException refusal(String operation, NetlinkException e) {
        return new KernelException(
                operation,
                e.errno(),
                e.getMessage() + (e.is(Errno.EPERM) ? "; this needs CAP_NET_ADMIN in the network namespace" : ""));
    }

    /** Removes our rules; the routes go with the device. */
    @Override
    public void close() {
        Set.copyOf(rules).forEach(this::tryRemove);
        conversation.close();
    }

    /** One that stays leads to an empty table, and is removed at the next start. */
    private boolean tryRemove(Rule rule) {
        try {
            removeRules(List.of(rule));
            return true;
        } catch (KernelException e) {
            return false;
        }
    }
}
