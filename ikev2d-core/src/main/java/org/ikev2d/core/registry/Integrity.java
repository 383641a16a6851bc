package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "Transform Type 3 - Integrity Algorithm Transform IDs", those that we negotiate. */
public enum Integrity implements CodePoint {
    NONE(0, "RFC 7296 §3.3.2"),
    HMAC_SHA2_256_128(12, "RFC 4868 §4"),
    HMAC_SHA2_384_192(13, "RFC 4868 §4"),
    HMAC_SHA2_512_256(14, "RFC 4868 §4");

    private static final Map<Integer, Integrity> BY_CODE = CodePoint.index(Integrity.class);

    private final int code;
    private final String reference;

    Integrity(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<Integrity> of(int code) {
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
