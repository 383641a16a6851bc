package org.ikev2d.core.auth;

import java.nio.charset.StandardCharsets;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Secret;

/**
 * A post-quantum preshared key (RFC 8784): mixed into an IKE SA's keys, so that they stay secret even if its key exchange
 * does not.
 *
 * @param name by which the peers know it
 * @param key not empty, lent by the daemon
 * @param required no IKE SA without it
 */
public record Ppk(String name, Secret key, boolean required) {
    /** PPK_ID_FIXED (RFC 8784 §5.1). */
    private static final int FIXED = 2;

    /** PPK_ID, the data of PPK_IDENTITY (RFC 8784 §5.1). */
    public Bytes id() {
        return Bytes.concat(new ByteWriter().u8(FIXED).toBytes(), Bytes.of(name.getBytes(StandardCharsets.UTF_8)));
    }
}
