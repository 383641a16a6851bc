package org.ikev2d.daemon.control;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;

/**
 * What operators may see and move: the control socket's port to the daemon. Called on the control thread; nothing here
 * waits for the engine.
 */
public interface ControlledDaemon {
    DaemonStatus status();

    /** The last status of every configured tunnel, up or not, in the order of the configuration file. */
    List<TunnelStatus> tunnels();

    /** The CPUs that are online. */
    SortedSet<CpuId> onlineCpus();

    /** The kernel's counters of {@code states}; those that it does not know are left out. Takes microseconds each. */
    Map<SaId, SaUsage> usage(Collection<SaId> states);

    /** Packets that went no further, by reason; only what the daemon counts itself, and what there was of. */
    Map<String, Long> dropped();

    /** The receive rules of NICs that lead the packets of an inbound state to its CPU; waits for nothing. */
    List<NicRule> nicRules(SaId inbound);

    /** What of {@code tunnel}'s is about to end, or has ended. */
    List<Warning> warnings(String tunnel);

    /** {@code time} in seconds since the epoch. */
    long epochSeconds(MonoTime time);

    /** Brings a configured tunnel up; answers when it is up or the attempt has failed. */
    CompletableFuture<Answer> up(String tunnel);

    /** Takes a configured tunnel down, to stay down; answers when it is. */
    CompletableFuture<Answer> down(String tunnel);

    /** Puts other Child SAs in the place of all of a configured tunnel; answers when that has begun. */
    CompletableFuture<Answer> rekey(String tunnel);

    /** Puts another IKE SA in the place of a configured tunnel's; answers when that has begun. */
    CompletableFuture<Answer> rekeyIke(String tunnel);

    /**
     * Reads the configuration file anew and follows it; answers when it is in force, or with all that is in the way of that,
     * one line each: then nothing was changed.
     */
    CompletableFuture<Answer> reload();

    /**
     * Ends the daemon; answers when nothing is left to do but to exit. The first stop decides: a later one with another
     * {@code keep}, or a signal, changes nothing.
     *
     * @param keep leave the SAs and policies in the kernel for a successor, and send nothing
     */
    CompletableFuture<Answer> stop(boolean keep);

    /**
     * What became of a change.
     *
     * @param text one sentence, of a reload perhaps several lines; empty: nothing to say
     */
    record Answer(boolean ok, String text) {}
}
