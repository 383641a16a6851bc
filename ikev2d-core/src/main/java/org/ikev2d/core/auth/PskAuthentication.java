package org.ikev2d.core.auth;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.Prf;

/**
 * Authentication by a pre-shared key (RFC 7296 §2.15): AUTH = prf(prf(PSK, "Key Pad for IKEv2"), signed octets). The
 * PSK stays its owner's to close.
 */
public final class PskAuthentication {
    /** "Key Pad for IKEv2" in ASCII. */
    private static final Bytes KEY_PAD = Bytes.hex("4b65792050616420666f7220494b457632");

    private PskAuthentication() {}

    /** The AUTH payload's data, for what we sign. */
    public static Bytes compute(Algorithms algorithms, Prf prf, Secret psk, SignedOctets signed) {
        try (Secret auth = auth(algorithms, prf, psk, signed)) {
            return auth.use(Bytes::of);
        }
    }

    /** Whether {@code received}, an AUTH payload's data, is what the peer's knowledge of {@code psk} gives. */
    public static boolean verify(Algorithms algorithms, Prf prf, Secret psk, SignedOctets signed, Bytes received) {
        try (Secret auth = auth(algorithms, prf, psk, signed)) {
            return auth.matches(received);
        }
    }

    private static Secret auth(Algorithms algorithms, Prf prf, Secret psk, SignedOctets signed) {
        try (Secret padded = algorithms.prf(prf, psk, KEY_PAD)) {
            return algorithms.prf(prf, padded, signed.octets());
        }
    }
}
