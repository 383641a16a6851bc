package org.ikev2d.daemon.doctor;

import java.util.Optional;
import java.util.SortedSet;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.Capabilities;
import org.ikev2d.xfrm.OuterWay;

/** What the doctor asks the machine beside its files. */
interface Instruments {
    Capabilities kernel();

    /** @throws KernelException when there is no way */
    OuterWay way(IpAddress local, IpAddress remote) throws KernelException;

    /** The devices that {@code device} is made of; itself where it is made of none. */
    SortedSet<String> lowest(String device);

    NicFacts nic(String device);

    /** What {@code nft list ruleset} prints; empty where it does not run. */
    Optional<String> ruleset();
}
