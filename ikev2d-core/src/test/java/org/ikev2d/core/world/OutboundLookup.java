package org.ikev2d.core.world;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.kernel.CpuId;

/**
 * Which state carries a packet of a CPU, as Linux 6.13 and later decide it (xfrm_state_find, xfrm_state_look_at):
 *
 * <ol>
 *   <li>A state for another CPU does not count; one for this CPU beats one for every CPU; then the newest.
 *   <li>What the policy remembers is asked first, and where that has a usable state the table is not read. A policy
 *       with CPU_ACQUIRE remembers only states for the CPU that asked; one without remembers the fallback too, which
 *       then hides a per-CPU state that came later, until the policy is set again.
 *   <li>With CPU_ACQUIRE, a state that is not for this CPU leads to an ACQUIRE; the packet that made it still goes out
 *       on that state.
 *   <li>While an open ACQUIRE of this CPU, or one newer than every usable state, is in the table, no further one is
 *       made and the packet is dropped: the fallback does not help.
 * </ol>
 */
final class OutboundLookup {
    private final XfrmPolicy policy;
    private final Optional<CpuId> cpu;

    private XfrmState best;
    private boolean acquireInProgress;

    OutboundLookup(XfrmPolicy policy, CpuId cpu) {
        this.policy = policy;
        this.cpu = Optional.of(cpu);
    }

    /**
     * What came of it.
     *
     * @param state that carries the packet
     * @param acquire whether an ACQUIRE is to be made
     * @param acquireCpu whom it is for
     */
    record Result(Optional<XfrmState> state, boolean acquire, Optional<CpuId> acquireCpu) {}

    /** @param newestFirst the kernel's states */
    Result among(List<XfrmState> newestFirst) {
        policy.found.forEach(this::lookAt);
        boolean remembered = best != null;
        if (!remembered) {
            newestFirst.stream().filter(state -> state.suits(policy.spec)).forEach(this::lookAt);
        }
        boolean wantsOwn = policy.spec.cpuAcquire();
        boolean suits = best != null && (!wantsOwn || best.cpu.equals(cpu));
        if (suits && !remembered) {
            policy.found.add(0, best);
        }
        if (suits) {
            return new Result(Optional.of(best), false, Optional.empty());
        }
        if (acquireInProgress) {
            return new Result(Optional.empty(), false, Optional.empty());
        }
        return new Result(Optional.ofNullable(best), true, best == null ? Optional.empty() : cpu);
    }

    private void lookAt(XfrmState state) {
        if (!state.isFull()) {
            acquireInProgress |= best == null || state.cpu.equals(cpu);
        } else if ((state.cpu.isEmpty() || state.cpu.equals(cpu)) && (best == null || beats(state))) {
            best = state;
        }
    }

    private boolean beats(XfrmState state) {
        boolean sameRank = state.cpu.equals(best.cpu);
        return sameRank ? state.order > best.order : state.cpu.equals(cpu);
    }
}
