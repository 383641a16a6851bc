package org.ikev2d.daemon.doctor;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.IpAddress;

/** Who has which UDP port, from /proc/net/udp and the open files of all processes that we may look at. */
record UdpHolders(Tree tree) {
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;

    /**
     * A bound socket.
     *
     * @param address all zeroes for every address
     * @param process its number, where it can be seen
     */
    record Holder(IpAddress address, int port, Optional<Integer> process, String name) {
        boolean holds(IpAddress wanted) {
            boolean everywhere = address.octets().toHex().matches("0+");
            // A socket for every address of IPv6 has those of IPv4 too, unless it says otherwise.
            return everywhere ? !(address.isIpv4() && !wanted.isIpv4()) : address.equals(wanted);
        }

        String who() {
            return process.map(number -> name + " (process " + number + ")").orElse("another program");
        }
    }

    List<Holder> of(int port) {
        List<Holder> holders = new ArrayList<>();
        for (String table : List.of("proc/net/udp", "proc/net/udp6")) {
            for (String line : tree.lines(table)) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > INODE
                        && fields[LOCAL_ADDRESS].endsWith(
                                ":" + HexFormat.of().toHexDigits((short) port).toUpperCase(java.util.Locale.ROOT))) {
                    holders.add(holder(fields, port));
                }
            }
        }
        return holders;
    }

    private Holder holder(String[] fields, int port) {
        IpAddress address = address(fields[LOCAL_ADDRESS].replaceFirst(":.*", ""));
        String socket = "socket:[" + fields[INODE] + "]";
        for (String process : tree.names("proc")) {
            if (process.matches("\\d+") && opened(process, socket)) {
                return new Holder(
                        address,
                        port,
                        Optional.of(Integer.parseInt(process)),
                        tree.text("proc/" + process + "/comm").orElse("a program"));
            }
        }
        return new Holder(address, port, Optional.empty(), "");
    }

    private boolean opened(String process, String socket) {
        String folder = "proc/" + process + "/fd";
        return tree.names(folder).stream()
                .anyMatch(fd -> tree.target(folder + "/" + fd).equals(Optional.of(socket)));
    }

    /** Words of four octets, each in host order: little-endian on all machines that we run on. */
    private static IpAddress address(String hex) {
        StringBuilder network = new StringBuilder();
        for (int word = 0; word < hex.length(); word += 8) {
            for (int octet = 6; octet >= 0; octet -= 2) {
                network.append(hex, word + octet, word + octet + 2);
            }
        }
        return new IpAddress(Bytes.hex(network.toString()));
    }
}
