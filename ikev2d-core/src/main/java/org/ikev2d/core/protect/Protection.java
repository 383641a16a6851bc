package org.ikev2d.core.protect;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.wire.Sealed;

/**
 * How the body of an Encrypted payload is made and undone: initialization vector, ciphertext and checksum. Plaintext is
 * payloads, padding and pad length.
 */
interface Protection {
    /** Octets before the ciphertext. */
    int ivSize();

    /** Octets behind the ciphertext. */
    int checksumSize();

    /** How many octets of padding go behind {@code payloadsSize} octets, the pad length not counted. */
    int padding(int payloadsSize);

    /**
     * The body.
     *
     * @param frame what comes before it in the message
     * @param plaintext padded
     */
    Bytes seal(Bytes frame, Bytes plaintext);

    /**
     * The plaintext, or empty when it is not the peer's.
     *
     * @param sealed with a body of at least {@link #ivSize} and {@link #checksumSize} octets
     * @throws DecodeException when it is the peer's, but cannot be decrypted
     */
    Optional<Bytes> open(Sealed sealed) throws DecodeException;
}
