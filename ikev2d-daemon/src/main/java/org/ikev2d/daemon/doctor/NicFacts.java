package org.ikev2d.daemon.doctor;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.xfrm.ethtool.Nic;

/**
 * What a device's driver, and the kernel about it, say.
 *
 * @param rings receive queues in use; empty where the driver does not tell
 * @param channels how many there are and could be
 * @param features by the names of {@code ethtool -k}; none where the driver does not tell
 * @param hashes what it spreads a kind of packets by, RXH_ flags; a kind is missing where the driver does not tell
 * @param interrupts of receive queues, by queue
 */
record NicFacts(
        OptionalInt rings,
        Optional<Nic.Channels> channels,
        Map<String, Nic.Feature> features,
        Map<Flow, Integer> hashes,
        SortedMap<Integer, Interrupt> interrupts) {
    /**
     * A queue's interrupt.
     *
     * @param cpus that it goes to
     */
    record Interrupt(int number, SortedSet<CpuId> cpus) {}
}
