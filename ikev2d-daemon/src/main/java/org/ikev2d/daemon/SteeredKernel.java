package org.ikev2d.daemon;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;

/**
 * A kernel that says when it has other inbound states than before.
 *
 * @param changed is called after the change, and must not wait for anything
 */
record SteeredKernel(Kernel kernel, Runnable changed) implements Kernel {
    @Override
    public EspSpi allocateSpi(IpAddress source, IpAddress destination, ReqId reqId) throws KernelException {
        return kernel.allocateSpi(source, destination, reqId);
    }

    @Override
    public void install(SaSpec sa) throws KernelException {
        kernel.install(sa);
        if (sa.direction() == Direction.IN && sa.cpu().isPresent()) {
            changed.run();
        }
    }

    @Override
    public SaId move(SaId id, OuterHeader header) throws KernelException {
        SaId moved = kernel.move(id, header);
        changed.run();
        return moved;
    }

    @Override
    public void remove(SaId id) throws KernelException {
        kernel.remove(id);
        changed.run();
    }

    @Override
    public void setPolicy(PolicySpec policy) throws KernelException {
        kernel.setPolicy(policy);
    }

    @Override
    public void removePolicy(PolicyId id) throws KernelException {
        kernel.removePolicy(id);
    }

    @Override
    public Optional<SaUsage> usage(SaId id) throws KernelException {
        return kernel.usage(id);
    }

    @Override
    public List<InstalledSa> installedSas() throws KernelException {
        return kernel.installedSas();
    }

    @Override
    public List<PolicySpec> installedPolicies() throws KernelException {
        return kernel.installedPolicies();
    }
}
