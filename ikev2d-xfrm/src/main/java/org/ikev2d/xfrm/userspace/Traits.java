package org.ikev2d.xfrm.userspace;

import java.util.Optional;
import org.ikev2d.core.kernel.Cpus;

/**
 * What the data plane is like here.
 *
 * @param device its name
 * @param queues how many
 * @param units what there can be an SA of a set for: the CPUs, or the queues by number
 * @param flowSteering why a hash of the flow chooses the queue; empty: the CPU that sends does
 * @param udpOnly why ESP goes in UDP only; empty: it can go without
 * @param largeUdp whether the device takes large UDP packets as it takes large ones of TCP (Linux 6.2)
 */
public record Traits(
        String device,
        int queues,
        Cpus units,
        Optional<String> flowSteering,
        Optional<String> udpOnly,
        boolean largeUdp) {}
