package org.ikev2d.core.kernel;

import java.util.Optional;
import org.ikev2d.core.net.IpAddress;

/**
 * Between which endpoints the packets of an ESP state go.
 *
 * @param encapsulation UDP ports, empty for plain ESP
 */
public record OuterHeader(IpAddress source, IpAddress destination, Optional<Encapsulation> encapsulation) {}
