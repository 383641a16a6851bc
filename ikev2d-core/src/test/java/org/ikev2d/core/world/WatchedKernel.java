package org.ikev2d.core.world;

import java.util.List;
import java.util.Optional;
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

/** A gateway's kernel as its engine sees it; writes the keys that pass to a {@link Ledger}. */
record WatchedKernel(Kernel kernel, Ledger ledger) implements Kernel {
    @Override
    public EspSpi allocateSpi(IpAddress source, IpAddress destination, ReqId reqId) throws KernelException {
        return kernel.allocateSpi(source, destination, reqId);
    }

    @Override
    public void install(SaSpec sa) throws KernelException {
        ledger.saw(sa.keys().encryption(), "as encryption key of " + sa.id().spi());
        ledger.saw(sa.keys().integrity(), "as integrity key of " + sa.id().spi());
        kernel.install(sa);
    }

    @Override
    public SaId move(SaId id, OuterHeader header) throws KernelException {
        return kernel.move(id, header);
    }

    @Override
    public void remove(SaId id) throws KernelException {
        kernel.remove(id);
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
