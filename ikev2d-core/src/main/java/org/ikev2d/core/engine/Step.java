package org.ikev2d.core.engine;

import java.util.List;
import java.util.Optional;

/**
 * What came of one input.
 *
 * @param outputs in the order in which they must happen
 * @param nextDeadline when to call with {@link Input.Tick}; replaces every earlier deadline
 */
public record Step(List<Output> outputs, Optional<MonoTime> nextDeadline) {
    public Step {
        outputs = List.copyOf(outputs);
    }
}
