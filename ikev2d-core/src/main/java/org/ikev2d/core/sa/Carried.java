package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ikev2d.core.engine.TunnelStatus.Former;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;

/**
 * What those ESP states of each tunnel have carried that are in the kernel no more, and which still are, since the tunnel
 * came up. It is counted by CPU, so that it goes on from one Child SA to the next, whether that comes of a rekey or with
 * another IKE SA.
 */
public final class Carried {
    private static final Comparator<Optional<CpuId>> EVERY_CPU_FIRST =
            Comparator.comparing(cpu -> cpu.map(CpuId::number).orElse(-1));

    private final Kernel kernel;
    private final Map<ReqId, Account> accounts = new HashMap<>();

    /** Those of a time when the tunnel was up before are in an account that is nobody's any more. */
    private final Map<SaId, Account> open = new HashMap<>();

    private record Half(Direction direction, Optional<CpuId> cpu) {}

    private static final class Account {
        final Map<SaId, Half> open = new LinkedHashMap<>();
        final Map<Half, SaUsage> gone = new HashMap<>();
        boolean changed;
    }

    Carried(Kernel kernel) {
        this.kernel = kernel;
    }

    /** {@code state} is in the kernel. */
    void opened(SaSpec state) {
        enter(
                accounts.computeIfAbsent(state.reqId(), tunnel -> new Account()),
                state.id(),
                new Half(state.direction(), state.cpu()));
    }

    private void enter(Account account, SaId id, Half half) {
        account.open.put(id, half);
        open.put(id, account);
    }

    /** What {@code before} has counted, {@code after} counts on; a twin under the old name is nobody's. */
    void renamed(SaId before, SaId after) {
        Account account = open.remove(before);
        Half half = account == null ? null : account.open.remove(before);
        if (account != null && half != null) {
            enter(account, after, half);
        }
    }

    /** The counters of a state that is about to go, for {@link #closed}. */
    SaUsage last(SaId id) {
        if (!open.containsKey(id)) {
            return SaUsage.NONE;
        }
        try {
            return kernel.usage(id).orElse(SaUsage.NONE);
        } catch (KernelException e) {
            return SaUsage.NONE;
        }
    }

    /** The state {@code id} has gone from the kernel, with these counters. */
    void closed(SaId id, SaUsage last) {
        Account account = open.remove(id);
        Half half = account == null ? null : account.open.remove(id);
        if (account != null && half != null) {
            account.gone.merge(half, last, SaUsage::plus);
            account.changed = true;
        }
    }

    /** A tunnel that was down is up: only {@code children} count of what was there before. */
    public void beginAnew(ReqId tunnel, List<ChildSa> children) {
        Account before = accounts.getOrDefault(tunnel, new Account());
        Account fresh = new Account();
        accounts.put(tunnel, fresh);
        ids(children).forEach(id -> Optional.ofNullable(before.open.get(id)).ifPresent(half -> enter(fresh, id, half)));
    }

    /** There is no such tunnel any more. */
    public void forget(ReqId tunnel) {
        accounts.remove(tunnel);
    }

    /** Whether states have gone since this was last asked. */
    public boolean takeChanged(ReqId tunnel) {
        Account account = accounts.get(tunnel);
        boolean changed = account != null && account.changed;
        if (changed) {
            account.changed = false;
        }
        return changed;
    }

    /** What is not, or not only, in the counters of {@code children}; that of every CPU first. */
    public List<Former> beside(ReqId tunnel, List<ChildSa> children) {
        Account account = accounts.getOrDefault(tunnel, new Account());
        Map<SaId, Half> still = new LinkedHashMap<>(account.open);
        still.keySet().removeAll(ids(children));
        Set<Optional<CpuId>> cpus = new TreeSet<>(EVERY_CPU_FIRST);
        Stream.concat(still.values().stream(), account.gone.keySet().stream()).forEach(half -> cpus.add(half.cpu()));
        List<Former> former = new ArrayList<>();
        for (Optional<CpuId> cpu : cpus) {
            former.add(new Former(
                    cpu,
                    half(account, still, new Half(Direction.IN, cpu)),
                    half(account, still, new Half(Direction.OUT, cpu))));
        }
        return former;
    }

    private static Former.Half half(Account account, Map<SaId, Half> still, Half which) {
        return new Former.Half(
                account.gone.getOrDefault(which, SaUsage.NONE),
                still.entrySet().stream()
                        .filter(one -> one.getValue().equals(which))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static Set<SaId> ids(List<ChildSa> children) {
        return children.stream()
                .flatMap(child -> Stream.of(child.inbound(), child.outbound()))
                .collect(Collectors.toSet());
    }
}
