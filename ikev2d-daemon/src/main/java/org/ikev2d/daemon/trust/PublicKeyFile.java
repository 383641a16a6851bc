package org.ikev2d.daemon.trust;

import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.crypto.jca.PublicKeys;

/** Public keys out of files. */
public final class PublicKeyFile {
    private static final String LABEL = "PUBLIC KEY";

    private PublicKeyFile() {}

    /** All of a file; at least one. */
    public static List<PublicKey> read(byte[] octets) throws UnusableFileException {
        List<PublicKey> keys = new ArrayList<>();
        try (Pem pem = Pem.read(octets)) {
            for (Pem.Block block : pem.blocks()) {
                if (block.label().equals(LABEL)) {
                    keys.add(PublicKeys.parse(block.content().use(Bytes::of)));
                }
            }
        } catch (UnusableKeyException e) {
            throw new UnusableFileException("holds a key that " + e.getMessage(), "let the peer make another");
        }
        if (keys.isEmpty()) {
            throw new UnusableFileException(
                    "holds no public key in PEM", "make it of the peer's private key: openssl pkey -pubout");
        }
        return keys;
    }
}
