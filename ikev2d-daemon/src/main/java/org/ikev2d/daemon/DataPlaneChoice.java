package org.ikev2d.daemon;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.daemon.config.DaemonSettings;
import org.ikev2d.daemon.config.DaemonSettings.DataPlaneWish;
import org.ikev2d.xfrm.Capabilities;
import org.ikev2d.xfrm.Capabilities.Capability;
import org.ikev2d.xfrm.XfrmKernel;
import org.ikev2d.xfrm.system.CpuLists;
import org.ikev2d.xfrm.userspace.Faults;
import org.ikev2d.xfrm.userspace.Userspace;

/** Finds out what can carry the packets here, and opens it. */
final class DataPlaneChoice {
    private final DaemonSettings settings;
    private final EnginePolicy policy;
    private final Faults faults;

    DataPlaneChoice(DaemonSettings settings, EnginePolicy policy, Faults faults) {
        this.settings = settings;
        this.policy = policy;
        this.faults = faults;
    }

    /** @throws StartException where neither can, or not the one that is asked for */
    DataPlane open() throws StartException, IOException, KernelException {
        Capabilities kernel = XfrmKernel.probe();
        DataPlaneWish wish = settings.dataPlane();
        if (wish == DataPlaneWish.KERNEL) {
            return kernel(kernel, "as configured");
        }
        Optional<Capability> lack = lack(kernel);
        if (wish == DataPlaneWish.AUTO && lack.isEmpty()) {
            return kernel(kernel, "it has ESP");
        }
        Optional<String> obstacle = Userspace.obstacle();
        if (obstacle.isEmpty()) {
            String why = wish == DataPlaneWish.USERSPACE
                    ? "as configured"
                    : "the kernel has no " + lack.orElseThrow().name();
            return userspace(kernel, why);
        }
        if (wish == DataPlaneWish.USERSPACE) {
            throw new StartException("no ESP in user space, which dataplane asks for: " + obstacle.get());
        }
        return kernel(kernel, "there is none in user space either: " + obstacle.get());
    }

    /** What the tunnels need of the kernel and it has not. */
    private Optional<Capability> lack(Capabilities kernel) {
        Stream<Capability> needed = Stream.concat(
                Stream.of(kernel.xfrm(), kernel.netAdmin()),
                policy.tunnels().stream().map(tunnel -> tunnel.local().isIpv4() ? kernel.esp4() : kernel.esp6()));
        return needed.filter(each -> !each.isThere()).findFirst();
    }

    private static DataPlane kernel(Capabilities kernel, String why) throws StartException {
        KernelPlane plane = new KernelPlane(kernel, why);
        Optional<String> refusal = plane.refusal();
        if (refusal.isPresent()) {
            throw new StartException(refusal.get());
        }
        return plane;
    }

    private DataPlane userspace(Capabilities kernel, String why) throws StartException, IOException, KernelException {
        Optional<String> vain = UserspacePlane.vainWish(policy, why);
        if (vain.isPresent()) {
            throw new StartException(vain.get());
        }
        if (kernel.netAdmin().isThere()) {
            // What an earlier run left there would catch the packets first.
            try (XfrmKernel left = XfrmKernel.open()) {
                new KernelSweep(left).removeAll();
            }
        }
        Userspace.Wishes wishes = new Userspace.Wishes(
                settings.userspace().queues(), settings.userspace().pinned());
        return new UserspacePlane(Userspace.open(wishes, CpuLists.read(), faults), why);
    }
}
