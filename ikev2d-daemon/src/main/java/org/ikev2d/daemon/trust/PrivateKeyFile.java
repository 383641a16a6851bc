package org.ikev2d.daemon.trust;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.crypto.jca.PrivateKeyForms;

/** Private keys out of files, in the forms that openssl writes. */
public final class PrivateKeyFile {
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final Set<String> FORMS = Set.of(PKCS8, ENCRYPTED, PKCS1, SEC1);

    private PrivateKeyFile() {}

    /**
     * PrivateKeyInfo in DER (RFC 5958 §2), the caller's own.
     *
     * @param password for a key that is encrypted
     */
    public static Secret read(byte[] octets, Optional<Secret> password) throws UnusableFileException {
        try (Pem pem = Pem.read(octets)) {
            List<Pem.Block> keys = pem.blocks().stream()
                    .filter(block -> block.label().endsWith(PKCS8))
                    .toList();
            if (keys.isEmpty()) {
                throw new UnusableFileException(
                        "holds no private key in PEM", "put it there: -----BEGIN PRIVATE KEY-----");
            }
            Pem.Block key = keys.get(0);
            if (!FORMS.contains(key.label())) {
                throw new UnusableFileException(
                        "holds " + keys.stream().map(Pem.Block::label).collect(Collectors.joining(", ")),
                        "write it anew as PKCS #8: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
            }
            return opened(key, password);
        } catch (UnusableKeyException e) {
            throw new UnusableFileException(
                    "holds a key that " + e.getMessage(), "write it anew: openssl pkey -in OLD -out NEW");
        }
    }

    private static Secret opened(Pem.Block key, Optional<Secret> password)
            throws UnusableFileException, UnusableKeyException {
        if (key.label().equals(ENCRYPTED) && password.isEmpty()) {
            throw new UnusableFileException(
                    "holds an encrypted key", "add a line such as key_password_file = \"gateway.password\"");
        }
        if (!key.label().equals(ENCRYPTED) && password.isPresent()) {
            throw new UnusableFileException("holds a key that is not encrypted", "take key_password_file out");
        }
        return switch (key.label()) {
            case ENCRYPTED -> PrivateKeyForms.decrypted(key.content(), password.orElseThrow());
            case PKCS1 -> PrivateKeyForms.ofPkcs1(key.content());
            case SEC1 -> PrivateKeyForms.ofSec1(key.content());
            default -> key.content().copy();
        };
    }
}
