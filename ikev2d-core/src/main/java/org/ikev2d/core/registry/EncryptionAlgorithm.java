package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "Transform Type 1 - Encryption Algorithm Transform IDs", those that we negotiate. */
public enum EncryptionAlgorithm implements CodePoint {
    AES_CBC(12, "RFC 3602 §2"),
    AES_GCM_16(20, "RFC 4106 §12"),
    CHACHA20_POLY1305(28, "RFC 7634 §4");

    private static final Map<Integer, EncryptionAlgorithm> BY_CODE = CodePoint.index(EncryptionAlgorithm.class);

    private final int code;
    private final String reference;

    EncryptionAlgorithm(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<EncryptionAlgorithm> of(int code) {
        return CodePoint.find(BY_CODE, code);
    }

    @Override
    public int code() {
        return code;
    }

    @Override
    public String reference() {
        return reference;
    }
}
