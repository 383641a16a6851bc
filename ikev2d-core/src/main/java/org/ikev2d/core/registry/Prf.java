package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "Transform Type 2 - Pseudorandom Function Transform IDs", those that we negotiate. */
public enum Prf implements CodePoint {
    HMAC_SHA2_256(5, "RFC 4868 §4"),
    HMAC_SHA2_384(6, "RFC 4868 §4"),
    HMAC_SHA2_512(7, "RFC 4868 §4");

    private static final Map<Integer, Prf> BY_CODE = CodePoint.index(Prf.class);

    private final int code;
    private final String reference;

    Prf(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<Prf> of(int code) {
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
