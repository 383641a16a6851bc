package org.ikev2d.daemon;

import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.policy.EnginePolicy;

/** Makes the engine that the daemon runs. */
@FunctionalInterface
interface EngineMaker {
    Engine make(EnginePolicy policy, Cpus cpus, Kernel kernel);
}
