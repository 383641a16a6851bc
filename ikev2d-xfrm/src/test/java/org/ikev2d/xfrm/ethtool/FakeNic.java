package org.ikev2d.xfrm.ethtool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.xfrm.netlink.Errno;

/**
 * Devices whose driver keeps a table of receive rules as those in Linux do: a place holds one rule, one in a taken place
 * takes the other's place, what is not there cannot be taken out.
 */
public final class FakeNic implements EthtoolPort {
    private static final int FS = 16;
    private static final int FS_SIZE = 168;
    private static final int LOCATION = 176;

    private final Map<String, Device> devices = new HashMap<>();

    /** The octets of every call, in order. */
    public final List<Bytes> calls = new ArrayList<>();

    /** One device. */
    public static final class Device {
        private final int size;
        private final boolean chooses;
        private final SortedMap<Integer, byte[]> rules = new TreeMap<>();
        private final Map<Integer, Errno> refusals = new HashMap<>();
        private final Set<Integer> refusedTypes = new HashSet<>();

        private Device(int size, boolean chooses) {
            this.size = size;
            this.chooses = chooses;
        }

        /** From now on every such command is refused. */
        public void refuse(int command, Errno errno) {
            refusals.put(command, errno);
        }

        public void accept(int command) {
            refusals.remove(command);
        }

        public void refuseType(FlowType type) {
            refusedTypes.add(type.number());
        }

        /** As when the driver starts anew, or an operator does it. */
        public void forget(int location) {
            rules.remove(location);
        }

        public SortedMap<Integer, RxRule> rules() {
            SortedMap<Integer, RxRule> shown = new TreeMap<>();
            rules.forEach((location, spec) -> {
                Rxnfc rxnfc = Rxnfc.at(Rxnfc.GRXCLSRULE, location);
                rxnfc.octets().put(FS, spec);
                rxnfc.rule().ifPresent(rule -> shown.put(location, rule));
            });
            return shown;
        }

        /** What somebody else has put there. */
        public void put(int location, RxRule rule) {
            rules.put(location, spec(Rxnfc.insert(rule, location).octets()));
        }

        private static byte[] spec(ByteBuffer octets) {
            byte[] spec = new byte[FS_SIZE];
            octets.get(FS, spec);
            return spec;
        }

        private void call(int command, ByteBuffer octets, String operation) throws KernelException {
            if (refusals.containsKey(command)) {
                throw refused(operation, refusals.get(command));
            }
            int location = octets.getInt(LOCATION);
            switch (command) {
                case Rxnfc.GRXCLSRLCNT ->
                    octets.putInt(184, rules.size()).putLong(8, size | (chooses ? 0x8000_0000L : 0));
                case Rxnfc.GRXCLSRLALL -> {
                    if (octets.getInt(184) < rules.size()) {
                        throw refused(operation, Errno.EINVAL);
                    }
                    octets.putInt(184, rules.size()).putLong(8, size);
                    int at = 188;
                    for (int each : rules.keySet()) {
                        octets.putInt(at, each);
                        at += 4;
                    }
                }
                case Rxnfc.GRXCLSRULE -> {
                    if (!rules.containsKey(location)) {
                        throw refused(operation, Errno.ENOENT);
                    }
                    octets.put(FS, rules.get(location));
                }
                case Rxnfc.SRXCLSRLINS -> {
                    if (refusedTypes.contains(octets.getInt(FS))) {
                        throw refused(operation, Errno.EOPNOTSUPP);
                    }
                    if (rules.size() == size) {
                        throw refused(operation, Errno.ENOSPC);
                    }
                    if (location == -1) {
                        location = 0;
                        while (rules.containsKey(location)) {
                            location++;
                        }
                        octets.putInt(LOCATION, location);
                    }
                    rules.put(location, spec(octets));
                }
                case Rxnfc.SRXCLSRLDEL -> {
                    if (rules.remove(location) == null) {
                        throw refused(operation, Errno.ENOENT);
                    }
                }
                default -> throw refused(operation, Errno.EOPNOTSUPP);
            }
        }
    }

    /**
     * @param size of its table of rules
     * @param chooses whether its driver finds places for rules
     */
    public Device add(String name, int size, boolean chooses) {
        Device device = new Device(size, chooses);
        devices.put(name, device);
        return device;
    }

    public void remove(String name) {
        devices.remove(name);
    }

    @Override
    public void call(String device, ByteBuffer command, String operation) throws KernelException {
        ByteBuffer octets = command.duplicate().order(ByteOrder.nativeOrder());
        byte[] copy = new byte[octets.capacity()];
        octets.get(0, copy);
        calls.add(Bytes.wrap(copy));
        if (!devices.containsKey(device)) {
            throw refused(operation, Errno.ENODEV);
        }
        devices.get(device).call(octets.getInt(0), octets, operation);
    }

    private static KernelException refused(String operation, Errno errno) {
        return new KernelException(operation, errno.number(), Errno.describe(errno.number()));
    }
}
