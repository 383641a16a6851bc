package org.ikev2d.daemon.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.Capabilities;
import org.ikev2d.xfrm.LinuxSurroundings;
import org.ikev2d.xfrm.OuterWay;
import org.ikev2d.xfrm.XfrmKernel;
import org.ikev2d.xfrm.ethtool.FlowType;
import org.ikev2d.xfrm.ethtool.Nic;
import org.ikev2d.xfrm.socket.EthtoolSocket;

/** The kernel, drivers and programs of the machine that we run on. */
final class LinuxInstruments implements Instruments, AutoCloseable {
    private static final long PROGRAM_SECONDS = 10;

    private final LinuxSurroundings surroundings;
    private final EthtoolSocket ethtool;

    private LinuxInstruments(LinuxSurroundings surroundings, EthtoolSocket ethtool) {
        this.surroundings = surroundings;
        this.ethtool = ethtool;
    }

    static LinuxInstruments open() throws KernelException {
        LinuxSurroundings surroundings = LinuxSurroundings.open();
        try {
            return new LinuxInstruments(surroundings, EthtoolSocket.open());
        } catch (KernelException e) {
            surroundings.close();
            throw e;
        }
    }

    @Override
    public Capabilities kernel() {
        return XfrmKernel.probe();
    }

    @Override
    public OuterWay way(IpAddress local, IpAddress remote) throws KernelException {
        return surroundings.way(local, remote);
    }

    @Override
    public SortedSet<String> lowest(String device) {
        return surroundings.lowest(device);
    }

    @Override
    public NicFacts nic(String device) {
        Nic nic = new Nic(ethtool, device);
        Optional<Integer> rings = told(nic::rings);
        Map<Flow, Integer> hashes = new EnumMap<>(Flow.class);
        for (Flow flow : Flow.values()) {
            for (FlowType type : flow.types()) {
                told(() -> nic.hash(type)).ifPresent(fields -> hashes.putIfAbsent(flow, fields));
            }
        }
        SortedMap<Integer, NicFacts.Interrupt> interrupts = new TreeMap<>();
        surroundings
                .queueInterrupts(device)
                .forEach((queue, irq) -> interrupts.put(queue, new NicFacts.Interrupt(irq, surroundings.cpus(irq))));
        return new NicFacts(
                rings.map(OptionalInt::of).orElse(OptionalInt.empty()),
                told(nic::channels),
                told(nic::features).orElse(Map.of()),
                hashes,
                interrupts);
    }

    private interface Question<T> {
        T ask() throws KernelException;
    }

    /** Drivers refuse what they do not have. */
    private static <T> Optional<T> told(Question<T> question) {
        try {
            return Optional.of(question.ask());
        } catch (KernelException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> ruleset() {
        try {
            Process nft = new ProcessBuilder("nft", "list", "ruleset")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            nft.getOutputStream().close();
            CompletableFuture<String> printed = CompletableFuture.supplyAsync(() -> {
                try {
                    return new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    return "";
                }
            });
            boolean ended = nft.onExit()
                    .handle((done, failure) -> true)
                    .completeOnTimeout(false, PROGRAM_SECONDS, TimeUnit.SECONDS)
                    .join();
            if (!ended) {
                nft.destroyForcibly();
                return Optional.empty();
            }
            return nft.exitValue() == 0 ? Optional.of(printed.join()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        ethtool.close();
        surroundings.close();
    }
}
