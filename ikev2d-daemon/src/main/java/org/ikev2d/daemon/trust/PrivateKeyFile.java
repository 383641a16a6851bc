package org.ikev2d.daemon.trust;

import java.util.List;
import java.util.stream.Collectors;
import org.ikev2d.core.crypto.Secret;

/** Private keys out of files. */
public final class PrivateKeyFile {
    private static final String PKCS8 = "PRIVATE KEY";

    private PrivateKeyFile() {}

    /** PrivateKeyInfo in DER (RFC 5958 §2), the caller's own. */
    public static Secret read(byte[] octets) throws UnusableFileException {
        try (Pem pem = Pem.read(octets)) {
            List<Pem.Block> keys = pem.blocks().stream()
                    .filter(block -> block.label().endsWith(PKCS8))
                    .toList();
            if (keys.isEmpty()) {
                throw new UnusableFileException(
                        "holds no private key in PEM", "put it there: -----BEGIN PRIVATE KEY-----");
            }
            Pem.Block key = keys.get(0);
            if (!key.label().equals(PKCS8)) {
                throw new UnusableFileException(
                        "holds " + keys.stream().map(Pem.Block::label).collect(Collectors.joining(", ")),
                        "write it anew as PKCS #8: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
            }
            return key.content().copy();
        }
    }
}
