package org.ikev2d.core.kernel;

import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;

/** What names an ESP state in the kernel, beside its protocol. */
public record SaId(IpAddress destination, EspSpi spi) {}
