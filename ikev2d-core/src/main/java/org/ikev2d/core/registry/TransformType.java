package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "Transform Type Values". */
public enum TransformType implements CodePoint {
    ENCRYPTION_ALGORITHM(1, "RFC 7296 §3.3.2"),
    PSEUDORANDOM_FUNCTION(2, "RFC 7296 §3.3.2"),
    INTEGRITY_ALGORITHM(3, "RFC 7296 §3.3.2"),
    KEY_EXCHANGE_METHOD(4, "RFC 7296 §3.3.2"),
    SEQUENCE_NUMBERS(5, "RFC 7296 §3.3.2");

    private static final Map<Integer, TransformType> BY_CODE = CodePoint.index(TransformType.class);

    private final int code;
    private final String reference;

    TransformType(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<TransformType> of(int code) {
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
