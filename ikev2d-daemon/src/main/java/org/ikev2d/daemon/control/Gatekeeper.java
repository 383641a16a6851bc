package org.ikev2d.daemon.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeSet;

/**
 * Who may use the control socket: root, the daemon's own user, and the members of the socket's group.
 *
 * @param owner the daemon's uid
 * @param group the socket's gid
 */
record Gatekeeper(int owner, int group) {
    /** By the socket's own owner and group. */
    static Gatekeeper of(Path socket) throws IOException {
        return new Gatekeeper(
                (Integer) Files.getAttribute(socket, "unix:uid"), (Integer) Files.getAttribute(socket, "unix:gid"));
    }

    boolean lets(Peer peer) {
        return peer.uid() == 0
                || peer.uid() == owner
                || peer.gid() == group
                || supplementaryGroups(peer.pid()).contains(group);
    }

    /** SO_PEERCRED tells the primary group alone; the others are looked up while the peer still waits for us. */
    private static Set<Integer> supplementaryGroups(int pid) {
        if (pid <= 0) {
            return Set.of();
        }
        Set<Integer> groups = new TreeSet<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(pid), "status"))) {
                if (line.startsWith("Groups:")) {
                    StringTokenizer gids = new StringTokenizer(line.substring("Groups:".length()));
                    while (gids.hasMoreTokens()) {
                        groups.add(Integer.parseUnsignedInt(gids.nextToken()));
                    }
                }
            }
        } catch (IOException e) {
            return Set.of();
        }
        return groups;
    }
}
