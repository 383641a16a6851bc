package org.ikev2d.core.world;

import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.kernel.PolicySpec;

/** A policy as it was set once: setting it again makes another one, with nothing remembered. */
final class XfrmPolicy {
    final PolicySpec spec;

    /** The states that lookups found, newest find first (state_cache_list). */
    final List<XfrmState> found = new ArrayList<>();

    XfrmPolicy(PolicySpec spec) {
        this.spec = spec;
    }
}
