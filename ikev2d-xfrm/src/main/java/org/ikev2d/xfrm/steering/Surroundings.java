package org.ikev2d.xfrm.steering;

import java.util.Map;
import java.util.SortedSet;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.net.IpAddress;

/** What steering must know of the machine. */
public interface Surroundings {
    /** The devices through which what {@code peer} sends to {@code local} comes in; empty when there is no way to it. */
    SortedSet<String> receivers(IpAddress local, IpAddress peer);

    /** The receive queues of {@code device} that have a CPU of their own. */
    Map<CpuId, Integer> queues(String device);
}
