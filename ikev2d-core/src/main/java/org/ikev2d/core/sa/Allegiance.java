package org.ikev2d.core.sa;

import org.ikev2d.core.policy.TunnelPolicy;

/**
 * Whose an IKE SA is.
 *
 * @param terms by which it is made, and those that take its place by rekeying too; what the owner is told later is for others
 */
record Allegiance(SaOwner owner, TunnelPolicy terms) {}
