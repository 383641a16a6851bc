package org.ikev2d.daemon.trust;

import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.crypto.jca.Pkcs12;

/** PKCS #12 out of files. */
public final class KeyAndCertificates {
    private KeyAndCertificates() {}

    /** The only key, and the certificates that belong to it. */
    public static Pkcs12.Content read(byte[] octets, Secret password) throws UnusableFileException {
        try {
            return Pkcs12.read(octets, password);
        } catch (UnusableKeyException e) {
            throw new UnusableFileException(
                    "holds a key that " + e.getMessage(),
                    "make it anew: openssl pkcs12 -export -inkey KEY -in CERTIFICATE -certfile OTHERS -out NEW");
        }
    }
}
