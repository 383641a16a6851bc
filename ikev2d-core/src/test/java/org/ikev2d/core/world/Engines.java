package org.ikev2d.core.world;

import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;

/** Makes the engine of a {@link Gateway}, at its first start and after each death. */
@FunctionalInterface
public interface Engines {
    Engine make(Cpus cpus, Kernel kernel, Algorithms algorithms, Entropy entropy);
}
