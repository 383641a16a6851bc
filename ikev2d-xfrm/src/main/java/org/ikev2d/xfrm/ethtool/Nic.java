package org.ikev2d.xfrm.ethtool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ikev2d.core.kernel.KernelException;

/** What can be asked of a network device's driver, and told it (linux/ethtool.h). */
public record Nic(EthtoolPort port, String device) {
    private static final int GSTRINGS = 0x1b;
    private static final int GSSET_INFO = 0x37;
    private static final int GFEATURES = 0x3a;
    private static final int GCHANNELS = 0x3c;
    private static final int ETH_SS_FEATURES = 4;
    private static final int ETH_GSTRING_LEN = 32;

    /**
     * A feature of {@code ethtool -k}.
     *
     * @param fixed whether it cannot be switched
     */
    public record Feature(boolean active, boolean fixed) {}

    /**
     * Queues; a driver has combined ones, or receive queues apart from transmit queues.
     *
     * @param most that receive, as many as the device can have
     */
    public record Channels(int receiving, int most, boolean combined) {}

    /**
     * Room for receive rules.
     *
     * @param driverChooses whether the driver finds a place for a rule itself
     */
    private record Table(int rules, boolean driverChooses) {}

    /** How many queues it receives with. */
    public int rings() throws KernelException {
        return call(Rxnfc.query(Rxnfc.GRXRINGS), "ETHTOOL_GRXRINGS").data();
    }

    /** Which bits of such packets it spreads by: RXH_ flags, 0 for none. */
    public int hash(FlowType type) throws KernelException {
        return call(Rxnfc.hash(type), "ETHTOOL_GRXFH").data();
    }

    /** Where it has receive rules, whoever made them. */
    public SortedSet<Integer> ruleLocations() throws KernelException {
        return occupied(table()).locations();
    }

    private Table table() throws KernelException {
        Rxnfc count = call(Rxnfc.query(Rxnfc.GRXCLSRLCNT), "ETHTOOL_GRXCLSRLCNT");
        return new Table(count.ruleCount(), count.driverChooses());
    }

    private record Occupied(SortedSet<Integer> locations, int size) {}

    private Occupied occupied(Table table) throws KernelException {
        Rxnfc all = call(Rxnfc.locations(table.rules()), "ETHTOOL_GRXCLSRLALL");
        SortedSet<Integer> locations = new TreeSet<>();
        for (int i = 0; i < Math.min(all.ruleCount(), table.rules()); i++) {
            locations.add(all.ruleLocation(i));
        }
        return new Occupied(locations, all.data());
    }

    /** The rule there; empty when there is none, or one of a kind that we do not make. */
    public Optional<RxRule> rule(int location) {
        try {
            return call(Rxnfc.at(Rxnfc.GRXCLSRULE, location), "ETHTOOL_GRXCLSRULE")
                    .rule();
        } catch (KernelException e) {
            // ENOENT or EINVAL, as the driver likes.
            return Optional.empty();
        }
    }

    /** A free place for a rule, the last one, since others begin with the first; empty where the driver finds it itself. */
    public OptionalInt freeLocation() throws KernelException {
        Table table = table();
        if (table.driverChooses()) {
            return OptionalInt.empty();
        }
        Occupied occupied = occupied(table);
        for (int location = occupied.size() - 1; location >= 0; location--) {
            if (!occupied.locations().contains(location)) {
                return OptionalInt.of(location);
            }
        }
        throw new KernelException(
                "ETHTOOL_SRXCLSRLINS " + device, 0, "all its " + occupied.size() + " rules are taken");
    }

    /**
     * Puts a rule in.
     *
     * @param location a free one; empty: the driver is to find it
     * @return where it is
     */
    public int insert(RxRule rule, OptionalInt location) throws KernelException {
        return call(Rxnfc.insert(rule, location.orElse(Rxnfc.RX_CLS_LOC_ANY)), "ETHTOOL_SRXCLSRLINS")
                .location();
    }

    public void delete(int location) throws KernelException {
        var unused = call(Rxnfc.at(Rxnfc.SRXCLSRLDEL, location), "ETHTOOL_SRXCLSRLDEL");
    }

    public Channels channels() throws KernelException {
        // struct ethtool_channels: cmd, max_rx, max_tx, max_other, max_combined, the same four as they are
        ByteBuffer channels = command(GCHANNELS, 36);
        port.call(device, channels, operation("ETHTOOL_GCHANNELS"));
        int combined = channels.getInt(32);
        int mostCombined = channels.getInt(16);
        return mostCombined > 0
                ? new Channels(combined + channels.getInt(20), mostCombined, true)
                : new Channels(channels.getInt(20), channels.getInt(4), false);
    }

    /** By the names that {@code ethtool -k} uses for the kernel's own: {@code rx-ntuple-filter}, {@code esp-hw-offload}. */
    public Map<String, Feature> features() throws KernelException {
        // struct ethtool_sset_info: cmd, reserved, __u64 sset_mask, __u32 data[1]
        ByteBuffer info = command(GSSET_INFO, 20).putLong(8, 1L << ETH_SS_FEATURES);
        port.call(device, info, operation("ETHTOOL_GSSET_INFO"));
        int count = info.getInt(16);
        // struct ethtool_gstrings: cmd, string_set, len, data
        ByteBuffer names = command(GSTRINGS, 12 + count * ETH_GSTRING_LEN)
                .putInt(4, ETH_SS_FEATURES)
                .putInt(8, count);
        port.call(device, names, operation("ETHTOOL_GSTRINGS"));
        // struct ethtool_gfeatures: cmd, size, then for each 32 features: available, requested, active, never_changed
        int blocks = (count + 31) / 32;
        ByteBuffer features = command(GFEATURES, 8 + 16 * blocks).putInt(4, blocks);
        port.call(device, features, operation("ETHTOOL_GFEATURES"));
        Map<String, Feature> byName = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int block = 8 + 16 * (i / 32);
            int bit = 1 << (i % 32);
            boolean fixed = (features.getInt(block) & bit) == 0 || (features.getInt(block + 12) & bit) != 0;
            byName.put(
                    name(names, 12 + i * ETH_GSTRING_LEN), new Feature((features.getInt(block + 8) & bit) != 0, fixed));
        }
        return byName;
    }

    private static String name(ByteBuffer names, int at) {
        byte[] octets = new byte[ETH_GSTRING_LEN];
        names.get(at, octets);
        String padded = new String(octets, StandardCharsets.US_ASCII);
        int end = padded.indexOf('\0');
        return end < 0 ? padded : padded.substring(0, end);
    }

    private static ByteBuffer command(int number, int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder()).putInt(0, number);
    }

    private Rxnfc call(Rxnfc rxnfc, String name) throws KernelException {
        port.call(device, rxnfc.octets(), operation(name));
        return rxnfc;
    }

    private String operation(String name) {
        return name + " " + device;
    }
}
