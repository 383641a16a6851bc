package org.ikev2d.core.kernel;

/** What of a packet an ESP SA protects (RFC 4303 §3.1). */
public enum EspMode {
    /** The whole packet, in another one from gateway to gateway. */
    TUNNEL,
    /** What is behind the IP header of a packet between the two ends themselves. */
    TRANSPORT
}
