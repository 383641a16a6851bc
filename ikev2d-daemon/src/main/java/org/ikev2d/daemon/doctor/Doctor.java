package org.ikev2d.daemon.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.xfrm.OuterWay;

/** Looks at the machine that tunnels are to run on, and says for each point: fine, or what to do. Changes nothing. */
public final class Doctor {
    private final Tree tree;
    private final Instruments instruments;

    Doctor(Tree tree, Instruments instruments) {
        this.tree = tree;
        this.instruments = instruments;
    }

    /**
     * Looks at the machine that we run on.
     *
     * @throws KernelException when it cannot be looked at at all
     */
    public static List<Finding> look(Patient patient) throws KernelException {
        try (LinuxInstruments instruments = LinuxInstruments.open()) {
            return new Doctor(new Tree(Path.of("/")), instruments).examine(patient);
        }
    }

    List<Finding> examine(Patient patient) {
        OwnAddresses own = OwnAddresses.of(tree);
        Findings machine = new Findings("machine");
        new KernelPoints(patient, tree, instruments, machine).look();
        new GatewayPoints(patient, tree, instruments, machine).look(own);
        List<Finding> all = new ArrayList<>(machine.all());
        // By device: whether IPv4 goes over it, so that each is looked at once for each family.
        Map<String, SortedSet<Boolean>> devices = new TreeMap<>();
        for (TunnelPolicy tunnel : patient.tunnels()) {
            Findings findings = new Findings("tunnel " + tunnel.name());
            Optional<OuterWay> way = new TunnelPoints(tunnel, tree, instruments, findings).look(own);
            patient.papers().stream()
                    .filter(paper -> paper.tunnel().equals(tunnel.name()))
                    .forEach(findings::add);
            all.addAll(findings.all());
            way.ifPresent(found -> instruments
                    .lowest(found.device())
                    .forEach(device -> devices.computeIfAbsent(device, name -> new TreeSet<>())
                            .add(tunnel.remote().isIpv4())));
        }
        devices.forEach((device, families) -> {
            Findings findings = new Findings(device);
            new DevicePoints(patient, tree, instruments.nic(device), device, findings).look(online(), families);
            all.addAll(findings.all());
        });
        return all;
    }

    private SortedSet<CpuId> online() {
        SortedSet<CpuId> online = new TreeSet<>();
        String list = tree.text("sys/devices/system/cpu/online").orElse("0");
        for (String range : list.split(",", -1)) {
            if (range.matches("\\d{1,6}(-\\d{1,6})?")) {
                String[] bounds = range.split("-", -1);
                for (int i = Integer.parseInt(bounds[0]); i <= Integer.parseInt(bounds[bounds.length - 1]); i++) {
                    online.add(new CpuId(i));
                }
            }
        }
        return online;
    }
}
