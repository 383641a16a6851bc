package org.ikev2d.core.sa;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.wire.IkeSpi;

/** What every part of the engine works with: its policy, its ports, the time of the current step and its outputs. */
public final class Workbench {
    private static final int NONCE_SIZE = 32;

    private final Kernel kernel;
    private final Algorithms algorithms;
    private final Entropy entropy;
    private final List<Output> outputs = new ArrayList<>();

    private final List<IkeSa> ended = new ArrayList<>();
    private final Set<IkeSpi> ikeSpis = new HashSet<>();
    private final Removals removals = new Removals(this);
    private final Carried carried;

    private EnginePolicy policy;
    private Cpus cpus;
    private MonoTime now = new MonoTime(0);

    public Workbench(EnginePolicy policy, Cpus cpus, Kernel kernel, Algorithms algorithms, Entropy entropy) {
        this.policy = policy;
        this.cpus = cpus;
        this.kernel = kernel;
        this.carried = new Carried(kernel);
        this.algorithms = algorithms;
        this.entropy = entropy;
    }

    public EnginePolicy policy() {
        return policy;
    }

    /** @param next with the same ports */
    public void reconfigure(EnginePolicy next) {
        policy = next;
    }

    public Kernel kernel() {
        return kernel;
    }

    public Algorithms algorithms() {
        return algorithms;
    }

    public Entropy entropy() {
        return entropy;
    }

    public Cpus cpus() {
        return cpus;
    }

    public void cpusChanged(Cpus current) {
        cpus = current;
    }

    public MonoTime now() {
        return now;
    }

    /** A step begins. */
    public void begin(MonoTime time) {
        now = time;
    }

    /** A step ends: what it put out. */
    public List<Output> drain() {
        List<Output> drained = List.copyOf(outputs);
        outputs.clear();
        return drained;
    }

    public void emit(Output output) {
        outputs.add(output);
    }

    /** Whoever has a state taken out does it here. */
    public Removals removals() {
        return removals;
    }

    /** Whoever puts a state in or takes one out says it here. */
    public Carried carried() {
        return carried;
    }

    /** {@code sa} is no more. */
    void ended(IkeSa sa) {
        ikeSpis.remove(sa.localSpi());
        ended.add(sa);
    }

    /** The IKE SAs that ended since this was last asked. */
    public List<IkeSa> drainEnded() {
        List<IkeSa> drained = List.copyOf(ended);
        ended.clear();
        return drained;
    }

    public void tell(Event.Level level, String tunnel, String code, String text) {
        emit(new Output.Told(new Event(level, tunnel, code, text)));
    }

    public Bytes nonce() {
        return Bytes.wrap(entropy.octets(NONCE_SIZE));
    }

    public Bytes random(int size) {
        return Bytes.wrap(entropy.octets(size));
    }

    /** An SPI of ours that was for an IKE SA which does not come about. */
    void release(IkeSpi spi) {
        ikeSpis.remove(spi);
    }

    /** A part of something, at random: 0 up to 1. */
    public double share() {
        return new BigInteger(1, entropy.octets(4)).doubleValue() / 0x1p32;
    }

    /** An SPI that no IKE SA of ours has, never {@link IkeSpi#NONE}. */
    public IkeSpi ikeSpi() {
        IkeSpi spi;
        do {
            spi = new IkeSpi(new BigInteger(entropy.octets(IkeSpi.SIZE)).longValue());
        } while (spi.isNone() || !ikeSpis.add(spi));
        return spi;
    }
}
