package org.ikev2d.core.crypto.jca;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.UnusableKeyException;

/** Files that hold a private key with its certificates (RFC 7292). */
public final class Pkcs12 {
    private Pkcs12() {}

    /**
     * What is in one.
     *
     * @param key PrivateKeyInfo in DER (RFC 5958 §2), the receiver's own
     * @param chain the key's own certificate first, then its issuer's and so on, as far as they are in the file
     */
    public record Content(Secret key, List<X509Certificate> chain) {
        public Content {
            chain = List.copyOf(chain);
        }
    }

    /**
     * The only key of a file.
     *
     * @param password of the file and of the key in it, UTF-8
     */
    public static Content read(byte[] file, Secret password) throws UnusableKeyException {
        char[] letters = PrivateKeyForms.letters(password);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(file), letters);
            List<String> keys = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    keys.add(alias);
                }
            }
            if (keys.size() != 1) {
                throw new UnusableKeyException("is one of " + keys.size() + ", and there must be one");
            }
            Key key = store.getKey(keys.get(0), letters);
            List<X509Certificate> chain = Arrays.stream(store.getCertificateChain(keys.get(0)))
                    .map(X509Certificate.class::cast)
                    .toList();
            return new Content(Secret.owning(key.getEncoded()), chain);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new UnusableKeyException("cannot be read: " + e.getMessage());
        } finally {
            Arrays.fill(letters, '\0');
        }
    }
}
