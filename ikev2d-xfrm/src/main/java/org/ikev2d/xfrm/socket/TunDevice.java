package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.xfrm.netlink.Errno;

/**
 * A TUN device with several queues and segmentation offload (linux/if_tun.h). It is gone when all its queues are closed,
 * and so with the process at the latest, and takes its routes along.
 */
public final class TunDevice implements AutoCloseable {
    /** MAX_TAP_QUEUES of the kernel's. */
    public static final int MOST_QUEUES = 256;

    /** {@code struct virtio_net_hdr} before each packet. */
    public static final int HEADER = 10;

    private static final String PATH = "/dev/net/tun";
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final long TUNSETVNETLE = 0x400454dcL;
    private static final long TUNSETSTEERINGEBPF = 0x800454e0L;

    private static final int IFF_TUN = 0x1;
    private static final int IFF_MULTI_QUEUE = 0x100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    private static final long TUN_F_CSUM = 0x1;
    private static final long TUN_F_TSO = 0x2 | 0x4 | 0x8;
    private static final long TUN_F_USO = 0x20 | 0x40;

    /** {@code struct ifreq}: a name of 16 octets, then a union, here of two octets. */
    private static final int REQUEST_SIZE = 40;

    private static final int NAME_SIZE = 16;

    private final String name;
    private final List<TunQueue> queues;
    private final Offload offload;

    private TunDevice(String name, List<TunQueue> queues, Offload offload) {
        this.name = name;
        this.queues = List.copyOf(queues);
        this.offload = offload;
    }

    /** What the kernel may leave to us: packets longer than the MTU, to be cut, and checksums, to be filled in. */
    public enum Offload {
        NONE(0),
        TCP(TUN_F_CSUM | TUN_F_TSO),
        /** Linux 6.2. */
        TCP_AND_UDP(TUN_F_CSUM | TUN_F_TSO | TUN_F_USO);

        private final long flags;

        Offload(long flags) {
            this.flags = flags;
        }
    }

    /**
     * Makes a device, in the network namespace of the calling thread.
     *
     * @param pattern of its name, {@code ikev2d%d}: the kernel puts the first free number in
     * @param count of queues, 1 to {@link #MOST_QUEUES}
     */
    public static TunDevice open(String pattern, int count) throws SystemCallException {
        List<TunQueue> queues = new ArrayList<>();
        String name = pattern;
        try {
            for (int i = 0; i < count; i++) {
                FileDescriptor fd = openFile();
                queues.add(new TunQueue(fd));
                name = attach(fd, name);
            }
            return new TunDevice(name, queues, offload(queues));
        } catch (SystemCallException e) {
            queues.forEach(TunQueue::close);
            throw e;
        }
    }

    /** Why no device can be made here; empty: it can. Leaves nothing behind. */
    public static Optional<String> obstacle() {
        try (TunDevice probe = open("ikev2d%d", 2)) {
            return probe.queues.isEmpty() ? Optional.of("no queues") : Optional.empty();
        } catch (SystemCallException e) {
            return Optional.of(e.getMessage() + remedy(e));
        }
    }

    private static String remedy(SystemCallException e) {
        if (e.is(Errno.ENOENT) || e.is(Errno.ENODEV)) {
            return "; load the module tun, or let the device into the container";
        }
        if (e.is(Errno.EPERM)) {
            return "; it needs CAP_NET_ADMIN, and a unit or container that lets /dev/net/tun in";
        }
        return "";
    }

    private static FileDescriptor openFile() throws SystemCallException {
        ByteBuffer path = FileDescriptor.direct(PATH.length() + 1);
        path.put(PATH.getBytes(StandardCharsets.US_ASCII)).rewind();
        return FileDescriptor.opened("open(" + PATH + ")", LibC.CALLS.open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC));
    }

    private static String attach(FileDescriptor fd, String name) throws SystemCallException {
        ByteBuffer request = FileDescriptor.direct(REQUEST_SIZE);
        request.put(0, name.getBytes(StandardCharsets.US_ASCII));
        request.putShort(NAME_SIZE, (short) (IFF_TUN | IFF_NO_PI | IFF_MULTI_QUEUE | IFF_VNET_HDR));
        SystemCallException.check("TUNSETIFF " + name, LibC.CALLS.ioctl(fd.number(), TUNSETIFF, request));
        set(fd, "TUNSETVNETHDRSZ", TUNSETVNETHDRSZ, HEADER);
        set(fd, "TUNSETVNETLE", TUNSETVNETLE, 1);
        byte[] chosen = new byte[NAME_SIZE];
        request.get(0, chosen);
        int size = 0;
        while (size < NAME_SIZE && chosen[size] != 0) {
            size++;
        }
        return new String(chosen, 0, size, StandardCharsets.US_ASCII);
    }

    private static void set(FileDescriptor fd, String what, long request, int value) throws SystemCallException {
        SystemCallException.check(
                what,
                LibC.CALLS.ioctl(fd.number(), request, FileDescriptor.direct(4).putInt(0, value)));
    }

    /** The most that this kernel knows; it is the whole device's. */
    private static Offload offload(List<TunQueue> queues) throws SystemCallException {
        for (Offload one : new Offload[] {Offload.TCP_AND_UDP, Offload.TCP}) {
            if (LibC.CALLS.ioctl(queues.get(0).descriptor().number(), TUNSETOFFLOAD, one.flags) == 0) {
                return one;
            }
        }
        SystemCallException.check(
                "TUNSETOFFLOAD",
                LibC.CALLS.ioctl(queues.get(0).descriptor().number(), TUNSETOFFLOAD, Offload.NONE.flags));
        return Offload.NONE;
    }

    public String name() {
        return name;
    }

    public List<TunQueue> queues() {
        return queues;
    }

    public Offload offload() {
        return offload;
    }

    /**
     * From now on the CPU that sends a packet decides on its queue: that of number i in {@code cpus} sends into queue i.
     * Otherwise, and before, a hash of the packet's flow does.
     *
     * @throws SystemCallException EPERM without CAP_BPF where unprivileged BPF is off
     */
    public void steerByCpu(List<Integer> cpus) throws SystemCallException {
        try (FileDescriptor program = SteeringProgram.load(cpus)) {
            set(queues.get(0).descriptor(), "TUNSETSTEERINGEBPF", TUNSETSTEERINGEBPF, program.number());
        }
    }

    @Override
    public void close() {
        queues.forEach(TunQueue::close);
    }
}
