package org.ikev2d.planted.wire;

import org.ikev2d.planted.crypto.Secret;

/** A value with a key in it. */
public record HoldsSecret(Secret secret) {}
