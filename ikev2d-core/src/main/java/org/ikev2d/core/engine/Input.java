package org.ikev2d.core.engine;

import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.policy.EnginePolicy;

/** What happens to the engine. */
public sealed interface Input {
    /** Adopts what an earlier run left in the kernel and starts the tunnels; comes first, and once. */
    record Start() implements Input {}

    /**
     * A message came in.
     *
     * @param local the address and port that it came to
     * @param octets an IKE message, without the non-ESP marker
     * @param encapsulated whether it came with the non-ESP marker (RFC 7296 §3.1)
     */
    record Datagram(Endpoint local, Endpoint remote, Bytes octets, boolean encapsulated) implements Input {}

    /** Time has passed. */
    record Tick() implements Input {}

    /** The kernel told something. */
    record FromKernel(KernelEvent event) implements Input {}

    /** The machine's CPUs have changed. */
    record CpusChanged(Cpus cpus) implements Input {}

    /**
     * An operator wants a tunnel up; answered by {@link Output.Reply} when it is up or the attempt failed.
     *
     * @param ticket comes back with the answer
     */
    record Up(long ticket, String tunnel) implements Input {}

    /** An operator wants a tunnel down, and to stay down; answered by {@link Output.Reply}. */
    record Down(long ticket, String tunnel) implements Input {}

    /** An operator wants a tunnel's Child SAs rekeyed; answered by {@link Output.Reply} when that has begun. */
    record Rekey(long ticket, String tunnel) implements Input {}

    /** An operator wants a tunnel's IKE SA rekeyed; answered by {@link Output.Reply} when that has begun. */
    record RekeyIke(long ticket, String tunnel) implements Input {}

    /** The answer to {@link Output.Judge}. */
    record Judged(Output.Judge.Ticket ticket, Verdict verdict) implements Input {}

    /**
     * Everything is to be as {@code policy} says from now on, but for the ports, which stay: tunnels that it does not name go,
     * those that are new begin. What is up goes on by the terms that it was made by until another is up in its place; where
     * a tunnel's ends, mode or selectors are others, it ends at once. What is under way begins anew. Answered by
     * {@link Output.Reply}, after which the secrets of the policy before are not used any more.
     */
    record Reconfigure(long ticket, EnginePolicy policy) implements Input {}

    /**
     * The daemon ends. Answered by {@link Output.Stopped}, after deletes were sent and answered or given up.
     *
     * @param keep send nothing, leave states and policies in the kernel for a successor
     */
    record Stop(boolean keep) implements Input {}
}
