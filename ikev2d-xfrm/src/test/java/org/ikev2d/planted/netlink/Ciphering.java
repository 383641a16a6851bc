package org.ikev2d.planted.netlink;

import javax.crypto.Mac;

/** Planted for the architecture test: authenticates where nobody should. */
record Ciphering(Mac mac) {}
