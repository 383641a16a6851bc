package org.ikev2d.xfrm.userspace;

import org.ikev2d.core.kernel.PolicySpec;

/** An inbound policy: what it matches must have come through an SA of its reqid. */
record InPolicy(PolicySpec spec, Matcher matcher) {}
