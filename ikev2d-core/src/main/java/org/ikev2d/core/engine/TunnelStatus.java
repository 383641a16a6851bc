package org.ikev2d.core.engine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.Endpoint;

/**
 * What an operator may know of a tunnel; counters are looked up in the kernel by the SAs' ids.
 *
 * @param role of our end in the IKE SA; empty while there is none
 * @param proofs empty while there is no IKE SA
 * @param childrenExpected 1 for the fallback (or ordinary) SA and one for each CPU of ours that is to have its own
 * @param former at most one for each CPU, and one for every CPU; none while there is no IKE SA
 * @param note what an operator should know though nothing failed; empty: nothing
 */
public record TunnelStatus(
        String tunnel,
        State state,
        Optional<Role> role,
        Endpoint local,
        Endpoint remote,
        String ikeSuite,
        Optional<Proofs> proofs,
        Optional<MonoTime> since,
        int childrenExpected,
        List<ChildStatus> children,
        List<Former> former,
        String note,
        Optional<LastError> lastError) {
    public TunnelStatus {
        children = List.copyOf(children);
        former = List.copyOf(former);
    }

    /** Whether traffic can pass. */
    public enum State {
        /** Nothing is under way. */
        DOWN,
        /** An IKE SA is being made, or the next attempt is waited for. */
        CONNECTING,
        /** There is an IKE SA with a Child SA. */
        UP
    }

    /** Who sent the first message of the IKE SA. */
    public enum Role {
        INITIATOR,
        RESPONDER
    }

    /** How each end has proven who it is. */
    public record Proofs(Proof local, Proof remote) {}

    /**
     * How one end has.
     *
     * @param method {@code psk}, or the form of its signature, such as {@code ecdsa-sha256}
     * @param identity for people, as a peer's escaped
     * @param subject of its certificate, for people; empty where it has none
     * @param expiresAt of our own certificate, seconds since the epoch
     */
    public record Proof(String method, String identity, String subject, OptionalLong expiresAt) {}

    /** What a Child SA is within its set. */
    public enum ChildKind {
        /** The only one: the peer does not make sets, or we do not. */
        ORDINARY,
        /** The first of a set, used by every CPU that has none of its own. */
        FALLBACK,
        PER_CPU
    }

    /**
     * One Child SA.
     *
     * @param cpu the CPU that it is for; empty for every CPU
     * @param ours whether our end asked for it
     * @param rekeys how many there were in its place before
     */
    public record ChildStatus(
            ChildKind kind,
            Optional<CpuId> cpu,
            boolean ours,
            SaId inbound,
            SaId outbound,
            String suite,
            MonoTime since,
            int rekeys) {}

    /**
     * Child SAs of one CPU that are not, or not yet, among the children: what they have carried since the tunnel came up.
     *
     * @param cpu that they are for; empty for every CPU
     */
    public record Former(Optional<CpuId> cpu, Half in, Half out) {
        /**
         * Their inbound or their outbound halves.
         *
         * @param gone of those that are in the kernel no more; without what went through one that the kernel took out itself
         * @param states that are in the kernel still
         */
        public record Half(SaUsage gone, List<SaId> states) {
            public Half {
                states = List.copyOf(states);
            }
        }
    }

    /**
     * Why the last attempt failed, or the tunnel went down.
     *
     * @param code stable, for machines
     * @param text one sentence, and what to compare with the peer
     */
    public record LastError(String code, String text, MonoTime at) {}
}
