package org.ikev2d.daemon.control;

/**
 * Who is at the other end of a control connection, as the kernel says (SO_PEERCRED).
 *
 * @param pid 0 when it is of a process-id namespace that we do not see
 * @param gid the primary group
 */
public record Peer(int pid, int uid, int gid) {}
