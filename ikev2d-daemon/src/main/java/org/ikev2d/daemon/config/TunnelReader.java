package org.ikev2d.daemon.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.ChildLifetime;
import org.ikev2d.core.policy.Childless;
import org.ikev2d.core.policy.DefaultProposals;
import org.ikev2d.core.policy.IkeLifetime;
import org.ikev2d.core.policy.LivenessPolicy;
import org.ikev2d.core.policy.PathPolicy;
import org.ikev2d.core.policy.PathPolicy.Encap;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.core.policy.TunnelPolicy.Start;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.daemon.config.Section.Located;

/** Reads one table {@code [tunnel.NAME]}. */
final class TunnelReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LEAST_IDLE = Duration.ofSeconds(10);
    private static final Duration LIVENESS = Duration.ofSeconds(30);
    private static final Duration IKE_REKEY = Duration.ofHours(4);
    private static final Duration REAUTH = Duration.ofDays(1);
    private static final Duration SHORTEST_LIFETIME = Duration.ofMinutes(5);
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(7);
    private static final Duration LONGEST_REAUTH = Duration.ofDays(365);
    private static final Duration CHILD_REKEY = Duration.ofHours(1);
    private static final Duration SHORTEST_CHILD_REKEY = Duration.ofSeconds(30);

    /** Fewer would be used up before the next SA is there. */
    private static final long LEAST_BYTES = 1_000_000;

    private static final long LEAST_PACKETS = 1_000;
    private static final long MOST_COUNT = 1_000_000_000_000_000_000L;

    /** XFRMA_REPLAY_ESN_MAX of linux/xfrm.h. */
    private static final int LARGEST_REPLAY_WINDOW = 4096;

    /** Every CPU may send on the fallback at once, so that its packets pass each other by more than a few. */
    private static final int REPLAY_WINDOW = 1024;

    /** Private use status types (RFC 7296 §3.10.1). */
    private static final int FIRST_PRIVATE_NOTIFY = 40_960;

    private static final int LAST_PRIVATE_NOTIFY = 65_535;

    private final String name;
    private final Section section;
    private final SecretFile secrets;
    private final SelectorCheck selectorCheck;
    private final boolean userspace;

    /**
     * @param selectorCheck the same for all tunnels of a file
     * @param userspace the daemon is to carry the packets, whatever the kernel can do
     */
    TunnelReader(String name, Section section, SecretFile secrets, SelectorCheck selectorCheck, boolean userspace) {
        this.name = name;
        this.section = section;
        this.secrets = secrets;
        this.selectorCheck = selectorCheck;
        this.userspace = userspace;
    }

    /**
     * What a table says.
     *
     * @param policy with a reqid that means nothing
     * @param papers with what judges the peer's certificates, where it shows them
     */
    record Read(TunnelPolicy policy, Papers papers) {}

    /** Empty when something that the tunnel cannot do without is wrong. */
    Optional<Read> read() {
        if (!NAME.matcher(name).matches()) {
            section.wrongHere(
                    Quoted.of(name) + " is no name for a tunnel",
                    "use up to 63 letters, digits, hyphens, dots and underscores, a letter or digit first");
        }
        Optional<IpAddress> local = address("local", "192.0.2.1");
        Optional<IpAddress> remote = address("remote", "198.51.100.2");
        if (local.isPresent() && remote.isPresent()) {
            checkEnds(local.get(), remote.get());
        }
        EspMode mode = section.word("mode", Words.of(EspMode.values()), EspMode.TUNNEL);
        boolean transport = mode == EspMode.TRANSPORT;
        if (userspace && transport) {
            section.wrong(
                    "mode",
                    "= \"transport\" and dataplane = \"userspace\" do not go together: the daemon has tunnel mode only",
                    "write mode = \"tunnel\", or let the kernel carry the packets");
        }
        List<TrafficSelector> localSelectors =
                transport ? hosts("local_ts", local) : selectors("local_ts", "10.1.0.0/16");
        List<TrafficSelector> remoteSelectors =
                transport ? hosts("remote_ts", remote) : selectors("remote_ts", "10.2.0.0/16");
        selectorCheck.check(name, section, localSelectors, remoteSelectors);
        Optional<CredentialsReader.Read> proofs = new CredentialsReader(section, secrets).read(local, remote);
        Start start = section.word("start", Words.of(Start.values()), Start.ALWAYS_UP);
        OnStop onStop = section.word("on_stop", Words.of(OnStop.values()), OnStop.REMOVE);
        if (userspace && onStop == OnStop.DROP) {
            section.wrong(
                    "on_stop",
                    "= \"drop\" and dataplane = \"userspace\" do not go together: nothing of ours outlives the daemon there",
                    "let a firewall do it, or the kernel carry the packets");
        }
        Childless childless = section.word("childless", Words.of(Childless.values()), Childless.ACCEPT);
        QueuePolicy queues = queues();
        var ike = proposals("ike_proposals", "aes256gcm16-prfsha256-x25519", ProposalText::ike, DefaultProposals.IKE);
        var esp = proposals("esp_proposals", "aes256gcm16-x25519-none", ProposalText::esp, DefaultProposals.ESP);
        IkeLifetime ikeLifetime = ikeLifetime();
        ChildLifetime childLifetime = childLifetime();
        LivenessPolicy liveness = liveness();
        int replayWindow = section.integer("replay_window", 32, LARGEST_REPLAY_WINDOW, REPLAY_WINDOW);
        Encap encap = section.word("encap", Words.of(Encap.values()), Encap.AUTO);
        if (userspace && encap == Encap.PER_QUEUE) {
            section.wrong(
                    "encap",
                    "= \"per-queue\" and dataplane = \"userspace\" do not go together: the daemon sends from its NAT port alone",
                    "write encap = \"yes\", or let the kernel carry the packets");
        }
        boolean mobike = section.word("mobike", inOrder("yes", true, "no", false), true);
        section.finish();
        if (local.isEmpty() || remote.isEmpty() || proofs.isEmpty()) {
            proofs.ifPresent(read -> read.credentials().close());
            return Optional.empty();
        }
        TunnelPolicy policy = new TunnelPolicy(
                name,
                local.get(),
                remote.get(),
                proofs.get().credentials(),
                mode,
                localSelectors,
                remoteSelectors,
                start,
                onStop,
                childless,
                queues,
                ike,
                esp,
                liveness,
                ikeLifetime,
                childLifetime,
                replayWindow,
                new PathPolicy(encap, mobike),
                ReqId.ofTunnel(0));
        return Optional.of(new Read(
                policy, new Papers(name, proofs.get().chain(), proofs.get().trust())));
    }

    private Optional<IpAddress> address(String key, String example) {
        section.require(key, key + " = \"" + example + "\"");
        return section.meaning(key, example, CoreText::gatewayAddress);
    }

    private void checkEnds(IpAddress local, IpAddress remote) {
        if (local.isIpv4() != remote.isIpv4()) {
            section.wrong(
                    "remote",
                    "= " + remote + " and local = " + local + " are of two families",
                    "write two IPv4 or two IPv6 addresses");
        } else if (local.equals(remote)) {
            section.wrong("remote", "= " + remote + " is local too", "write the other gateway's address");
        }
    }

    /** Transport mode's: all traffic of {@code end}, or parts of it. */
    private List<TrafficSelector> hosts(String key, Optional<IpAddress> end) {
        Optional<TrafficSelector> all = end.map(address -> TrafficSelector.anyPort(address, address));
        if (!section.has(key)) {
            section.raw(key);
            return all.stream().toList();
        }
        List<TrafficSelector> selectors = texts(key, "192.0.2.1[tcp]");
        for (TrafficSelector selector : selectors) {
            boolean fits = all.filter(one ->
                            one.first().equals(selector.first()) && one.last().equals(selector.last()))
                    .isPresent();
            if (end.isPresent() && !fits) {
                section.wrong(
                        key,
                        "has " + selector.describe() + ", and in transport mode there is traffic of " + end.get()
                                + " only",
                        "write \"" + end.get()
                                + "\", with protocol and port if not all is meant, or mode = \"tunnel\"");
            }
        }
        return selectors;
    }

    private List<TrafficSelector> selectors(String key, String example) {
        section.require(key, key + " = [\"" + example + "\"]");
        return texts(key, example);
    }

    private List<TrafficSelector> texts(String key, String example) {
        List<TrafficSelector> selectors = new ArrayList<>();
        for (Located text : section.texts(key, example)) {
            Optional<TrafficSelector> selector = section.understood(key, text, CoreText::selector);
            if (selector.isPresent() && selectors.contains(selector.get())) {
                section.wrongAt(text, key + " says " + Quoted.of(text.text()) + " twice", "say it once");
            }
            selector.ifPresent(selectors::add);
        }
        return selectors;
    }

    private IkeLifetime ikeLifetime() {
        Ages ages = ages("ike", IKE_REKEY, SHORTEST_LIFETIME);
        return new IkeLifetime(
                ages.rekey(), ages.life(), section.durationOrOff("reauth", SHORTEST_LIFETIME, LONGEST_REAUTH, REAUTH));
    }

    private ChildLifetime childLifetime() {
        Ages ages = ages("child", CHILD_REKEY, SHORTEST_CHILD_REKEY);
        return new ChildLifetime(
                ages.rekey(),
                ages.life(),
                section.countOrOff("child_rekey_bytes", LEAST_BYTES, MOST_COUNT),
                section.countOrOff("child_rekey_packets", LEAST_PACKETS, MOST_COUNT));
    }

    private record Ages(Duration rekey, Duration life) {}

    /** {@code kind_rekey}, and {@code kind_lifetime}, which is a tenth more unless told. */
    private Ages ages(String kind, Duration fallback, Duration shortest) {
        String key = kind + "_lifetime";
        Duration rekey = section.durationOrOff(kind + "_rekey", shortest, LONGEST_LIFETIME, fallback);
        Duration usual = rekey.plus(rekey.dividedBy(10));
        Duration life = section.durationOrOff(key, shortest, LONGEST_LIFETIME, usual);
        if (!life.isZero() && life.compareTo(rekey) < 0) {
            section.wrong(key, "is below " + kind + "_rekey", "make it at least " + Durations.text(usual));
            life = usual;
        }
        return new Ages(rekey, life);
    }

    private LivenessPolicy liveness() {
        Duration delay = section.durationOrOff("liveness", SECOND, DAY, LIVENESS);
        Duration patience = section.duration("liveness_timeout", SECOND, DAY, Duration.ZERO);
        return new LivenessPolicy(delay, patience.isZero() ? Optional.empty() : Optional.of(patience));
    }

    private QueuePolicy queues() {
        QueuePolicy defaults = QueuePolicy.DEFAULT;
        OptionalInt count = OptionalInt.empty();
        if (section.raw("queues").filter(Long.class::isInstance).isPresent()) {
            count = OptionalInt.of(section.integer("queues", 0, QueuePolicy.CEILING, 0));
        } else if (section.raw("queues").filter(value -> !"auto".equals(value)).isPresent()) {
            section.wrong(
                    "queues",
                    "is neither \"auto\" nor an integer",
                    "write queues = \"auto\" for the CPUs online, or an integer from 0 to " + QueuePolicy.CEILING);
        }
        OptionalInt limit = section.has("queue_limit")
                ? OptionalInt.of(section.integer("queue_limit", 1, QueuePolicy.CEILING, QueuePolicy.CEILING))
                : OptionalInt.empty();
        section.raw("queue_limit");
        if (count.isPresent() && limit.isPresent() && limit.getAsInt() < count.getAsInt()) {
            section.wrong("queue_limit", "is below queues", "make it at least " + count.getAsInt());
        }
        int numQueues = section.integer(
                "num_queues_notify", FIRST_PRIVATE_NOTIFY, LAST_PRIVATE_NOTIFY, defaults.numQueuesType());
        int queueInfo = section.integer(
                "queue_info_notify", FIRST_PRIVATE_NOTIFY, LAST_PRIVATE_NOTIFY, defaults.queueInfoType());
        if (numQueues == queueInfo) {
            section.wrong(
                    section.has("queue_info_notify") ? "queue_info_notify" : "num_queues_notify",
                    "= " + queueInfo + " is the other notify's number too",
                    "choose two");
        }
        return new QueuePolicy(
                count,
                section.word(
                        "queue_mode",
                        inOrder("eager", QueuePolicy.Mode.EAGER, "on-demand", QueuePolicy.Mode.ON_DEMAND),
                        defaults.mode()),
                section.word(
                        "queue_dialect",
                        inOrder("rfc9611", QueuePolicy.Dialect.RFC9611, "draft-2020", QueuePolicy.Dialect.DRAFT_2020),
                        defaults.dialect()),
                limit,
                section.durationOrOff("queue_idle_timeout", LEAST_IDLE, Duration.ofDays(30), defaults.idleTimeout()),
                numQueues,
                queueInfo);
    }

    private <T> List<T> proposals(String key, String example, Section.Meaning<T> meaning, List<T> fallback) {
        if (!section.has(key)) {
            section.raw(key);
            return fallback;
        }
        List<T> proposals = new ArrayList<>();
        for (Located text : section.texts(key, example)) {
            section.understood(key, text, meaning).ifPresent(proposals::add);
        }
        return proposals;
    }

    static <T> Map<String, T> inOrder(String one, T first, String other, T second) {
        Map<String, T> words = new LinkedHashMap<>();
        words.put(one, first);
        words.put(other, second);
        return words;
    }
}
