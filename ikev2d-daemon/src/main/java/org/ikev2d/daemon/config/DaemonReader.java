package org.ikev2d.daemon.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.RetransmitSchedule;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.daemon.config.DaemonSettings.DataPlaneWish;
import org.ikev2d.daemon.config.DaemonSettings.LogLevel;
import org.ikev2d.daemon.config.DaemonSettings.Steering;
import org.ikev2d.daemon.config.DaemonSettings.Userspace;
import org.ikev2d.daemon.trust.FetchLimits;

/** Reads the table {@code [daemon]}: every key may be left out. */
final class DaemonReader {
    static final Path RUNTIME_DIR = Path.of("/run/ikev2d");

    /** sun_path of struct sockaddr_un has 108 octets, the last of which is zero. */
    private static final int LONGEST_SOCKET_PATH = 107;

    /** MAX_TAP_QUEUES of the kernel's. */
    private static final int MOST_QUEUES = 256;

    private static final EnginePolicy DEFAULTS = EnginePolicy.of(List.of());
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration NOTICE = Duration.ofDays(14);
    private static final Duration LONGEST_NOTICE = Duration.ofDays(365);
    private static final Duration LONGEST_FETCH = Duration.ofSeconds(15);
    private static final int LEAST_FETCH = 1_000;
    private static final int MOST_FETCH = 100_000_000;
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Section section;

    DaemonReader(Section section) {
        this.section = section;
    }

    DaemonSettings settings() {
        Path runtimeDir = path("runtime_dir", RUNTIME_DIR);
        Path socket = path("control_socket", runtimeDir.resolve("control.sock"));
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
            section.wrong(
                    section.has("control_socket") ? "control_socket" : "runtime_dir",
                    "makes the control socket's path longer than " + LONGEST_SOCKET_PATH + " octets",
                    "choose a shorter one");
        }
        Optional<String> group = section.meaning("control_group", "ikev2d", DaemonReader::existingGroup);
        return new DaemonSettings(
                runtimeDir,
                socket,
                group,
                section.word("log_level", Words.of(LogLevel.values()), LogLevel.INFO),
                section.word("dataplane", Words.of(DataPlaneWish.values()), DataPlaneWish.AUTO),
                section.section("userspace").map(DaemonReader::userspace).orElse(Userspace.DEFAULT),
                section.word("steering", Words.of(Steering.values()), Steering.AUTO),
                new FetchLimits(
                        section.duration("fetch_timeout", MILLISECOND, LONGEST_FETCH, FetchLimits.DEFAULT.longest()),
                        section.integer("fetch_size", LEAST_FETCH, MOST_FETCH, FetchLimits.DEFAULT.mostOctets())),
                section.durationOrOff("expiry_warning", HOUR, LONGEST_NOTICE, NOTICE));
    }

    EnginePolicy policy(List<TunnelPolicy> tunnels) {
        int ikePort = section.integer("ike_port", 1, 0xffff, DEFAULTS.ikePort());
        int natPort = section.integer("nat_port", 1, 0xffff, DEFAULTS.natPort());
        if (ikePort == natPort) {
            section.wrong(section.has("nat_port") ? "nat_port" : "ike_port", "is the other port too", "choose two");
        }
        return new EnginePolicy(
                tunnels,
                ikePort,
                natPort,
                section.section("retransmit").map(DaemonReader::retransmit).orElse(DEFAULTS.retransmit()),
                section.integer("cookie_threshold", 0, 1_000_000, DEFAULTS.cookieThreshold()),
                section.integer("half_open_limit", 1, 1_000_000, DEFAULTS.halfOpenLimit()),
                section.duration("half_open_life", SECOND, HOUR, DEFAULTS.halfOpenLife()),
                section.duration("nat_keepalive", SECOND, HOUR, DEFAULTS.natKeepalive()),
                section.duration("retry_first", MILLISECOND, HOUR, DEFAULTS.retryFirst()),
                section.duration("retry_limit", SECOND, HOUR, DEFAULTS.retryLimit()),
                section.duration("set_growth_pause", MILLISECOND, HOUR, DEFAULTS.setGrowthPause()),
                section.duration("acquire_pause", SECOND, HOUR, DEFAULTS.acquirePause()),
                section.duration("inbound_grace", Duration.ZERO, HOUR, DEFAULTS.inboundGrace()),
                fragmentSize(),
                section.integer("window_size", 1, EnginePolicy.MOST_WINDOW_SIZE, DEFAULTS.windowSize()));
    }

    private int fragmentSize() {
        int size = section.integer("fragment_size", 0, 0xffff, DEFAULTS.fragmentSize());
        if (size != 0 && size < EnginePolicy.LEAST_FRAGMENT_SIZE) {
            section.wrong(
                    "fragment_size",
                    "= " + size + " is out of range",
                    "write 0 or an integer from " + EnginePolicy.LEAST_FRAGMENT_SIZE + " to 65535");
            return DEFAULTS.fragmentSize();
        }
        return size;
    }

    void finish() {
        section.finish();
    }

    private static Userspace userspace(Section section) {
        OptionalInt queues = section.raw("queues").filter("auto"::equals).isPresent() || !section.has("queues")
                ? OptionalInt.empty()
                : OptionalInt.of(section.integer("queues", 1, MOST_QUEUES, 1));
        Userspace userspace = new Userspace(
                queues,
                section.word("pinned", TunnelReader.inOrder("yes", true, "no", false), Userspace.DEFAULT.pinned()));
        section.finish();
        return userspace;
    }

    private static RetransmitSchedule retransmit(Section section) {
        RetransmitSchedule fallback = RetransmitSchedule.DEFAULT;
        RetransmitSchedule schedule = new RetransmitSchedule(
                section.duration("first", Duration.ofMillis(100), Duration.ofMinutes(1), fallback.first()),
                section.number("factor", 1, 10, fallback.factor()),
                section.duration("limit", Duration.ofMillis(100), HOUR, fallback.limit()),
                section.integer("tries", 1, 20, fallback.tries()));
        section.finish();
        return schedule;
    }

    private Path path(String key, Path fallback) {
        return section.meaning(key, fallback.toString(), DaemonReader::absolute).orElse(fallback);
    }

    private static Path absolute(String text) throws BadValueException {
        if (text.indexOf('\0') >= 0 || !text.startsWith("/")) {
            throw new BadValueException(Quoted.of(text) + " is no absolute path", "begin it with a slash");
        }
        return Path.of(text).normalize();
    }

    private static String existingGroup(String name) throws BadValueException {
        try {
            FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
            return name;
        } catch (IOException e) {
            throw new BadValueException(
                    "this machine has no group " + Quoted.of(name), "make it with: groupadd --system " + name);
        }
    }
}
