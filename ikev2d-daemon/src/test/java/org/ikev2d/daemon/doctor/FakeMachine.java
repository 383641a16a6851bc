package org.ikev2d.daemon.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.daemon.config.ConfigFile;
import org.ikev2d.daemon.config.DaemonConfig;
import org.ikev2d.xfrm.Capabilities;
import org.ikev2d.xfrm.Capabilities.Capability;
import org.ikev2d.xfrm.OuterWay;
import org.ikev2d.xfrm.ethtool.Nic;

/**
 * A gateway of four CPUs on which nothing is to be done: a tunnel b to 198.51.100.2 through eth0, a NIC of four queues.
 * Tests spoil one thing of it.
 */
final class FakeMachine implements Instruments {
    static final int ALL_FIELDS = 0xf0;

    private static final String CONFIG = """
            [tunnel.b]
            local = "192.0.2.1"
            remote = "198.51.100.2"
            local_ts = ["10.1.0.0/16"]
            remote_ts = ["10.2.0.0/16"]
            psk_file = "b.psk"
            """;

    private final Path root;
    final Map<String, Capability> capabilities = new HashMap<>();
    final Map<String, OuterWay> ways = new HashMap<>();
    private final List<Patient.Paper> papers = new ArrayList<>();
    final SortedSet<String> lowest = new TreeSet<>(List.of("eth0"));
    final Map<String, Nic.Feature> features = new HashMap<>();
    final Map<Flow, Integer> hashes = new EnumMap<>(Flow.class);
    final SortedMap<Integer, NicFacts.Interrupt> interrupts = new TreeMap<>();
    OptionalInt rings = OptionalInt.of(4);
    Optional<Nic.Channels> channels = Optional.of(new Nic.Channels(4, 8, true));
    Optional<String> ruleset = Optional.of("");
    boolean steering = true;
    boolean kernelPlane = true;
    private String config = CONFIG;

    FakeMachine(Path root) throws IOException {
        this.root = root;
        for (String name : List.of("XFRM", "CAP_NET_ADMIN", "ESP4", "ESP6", "SA_DIR", "SA_PCPU")) {
            capabilities.put(name, new Capability(name, ""));
        }
        way("198.51.100.2", new OuterWay("eth0", 1500, false));
        way("10.2.0.0", new OuterWay("eth0", 1500, false));
        features.put("rx-ntuple-filter", new Nic.Feature(true, false));
        features.put("esp-hw-offload", new Nic.Feature(false, true));
        for (Flow flow : Flow.values()) {
            hashes.put(flow, ALL_FIELDS);
        }
        for (int queue = 0; queue < 4; queue++) {
            interrupt(queue, queue);
            file("sys/class/net/eth0/queues/rx-" + queue + "/rps_cpus", "00\n");
        }
        file("sys/class/net/eth0/device/vendor", "0x8086\n");
        file("sys/devices/system/cpu/online", "0-3\n");
        file("proc/sys/kernel/osrelease", "6.18.1\n");
        file("proc/sys/net/core/xfrm_acq_expires", "30\n");
        file("proc/sys/net/core/xfrm_larval_drop", "1\n");
        file("proc/sys/net/ipv4/ip_forward", "1\n");
        file("proc/sys/net/ipv4/conf/all/rp_filter", "0\n");
        file("proc/sys/net/ipv4/conf/eth0/rp_filter", "2\n");
        file("proc/modules", "esp4 1 0 - Live 0x0\nesp4_offload 1 0 - Live 0x0\n");
        file("proc/net/fib_trie", """
                Main:
                  +-- 0.0.0.0/0 3 0 5
                     |-- 192.0.2.0
                        /24 link UNICAST
                     |-- 192.0.2.1
                        /32 host LOCAL
                     |-- 192.0.2.255
                        /32 link BROADCAST
                """);
        file(
                "proc/net/udp",
                "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n");
        file("usr/bin/perl", "");
        Files.setPosixFilePermissions(root.resolve("usr/bin/perl"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    void remove(String path) throws IOException {
        Files.delete(root.resolve(path));
    }

    /** A process with an open socket. */
    void process(int number, String name, int socket) throws IOException {
        file("proc/" + number + "/comm", name + "\n");
        Files.createDirectories(root.resolve("proc/" + number + "/fd"));
        Files.createSymbolicLink(root.resolve("proc/" + number + "/fd/5"), Path.of("socket:[" + socket + "]"));
    }

    void cannot(String capability, String why) {
        capabilities.put(capability, new Capability(capability, why));
    }

    void way(String to, OuterWay way) {
        ways.put(to, way);
    }

    void interrupt(int queue, int... cpus) {
        SortedSet<CpuId> goesTo = new TreeSet<>();
        for (int cpu : cpus) {
            goesTo.add(new CpuId(cpu));
        }
        interrupts.put(queue, new NicFacts.Interrupt(40 + queue, goesTo));
    }

    /** The tunnel lives by it. */
    void paper(Patient.Paper paper) {
        papers.add(paper);
    }

    /** Changes the configuration. */
    void configure(String from, String to) {
        config = config.replace(from, to);
    }

    List<Finding> examine() throws IOException {
        Path folder = Files.createDirectories(root.resolve("etc/ikev2d"));
        Path key = Files.writeString(folder.resolve("b.psk"), "a key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path file = Files.writeString(folder.resolve("ikev2d.toml"), config);
        try (DaemonConfig read = ((ConfigFile.Loaded.Valid) ConfigFile.load(file)).config()) {
            Map<String, ReqId> reqIds = new HashMap<>();
            read.tunnels().forEach(name -> reqIds.put(name, ReqId.ofTunnel(reqIds.size())));
            Patient patient =
                    new Patient(read.policy(reqIds), read.settings().runtimeDir(), kernelPlane, steering, papers);
            return new Doctor(new Tree(root), this).examine(patient);
        }
    }

    @Override
    public Capabilities kernel() {
        return new Capabilities(
                capabilities.get("XFRM"),
                capabilities.get("CAP_NET_ADMIN"),
                capabilities.get("ESP4"),
                capabilities.get("ESP6"),
                capabilities.get("SA_DIR"),
                capabilities.get("SA_PCPU"));
    }

    @Override
    public OuterWay way(IpAddress local, IpAddress remote) throws KernelException {
        OuterWay way = ways.get(remote.toString());
        if (way == null) {
            throw new KernelException("route to " + remote, 101, "network is unreachable");
        }
        return way;
    }

    @Override
    public SortedSet<String> lowest(String device) {
        return lowest;
    }

    @Override
    public NicFacts nic(String device) {
        return new NicFacts(rings, channels, features, hashes, interrupts);
    }

    @Override
    public Optional<String> ruleset() {
        return ruleset;
    }
}
