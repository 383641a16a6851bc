package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "Transform Type 5 - Sequence Numbers Transform IDs": without or with ESN. */
public enum SequenceNumbers implements CodePoint {
    NO_ESN(0, "RFC 7296 §3.3.2"),
    ESN(1, "RFC 7296 §3.3.2");

    private static final Map<Integer, SequenceNumbers> BY_CODE = CodePoint.index(SequenceNumbers.class);

    private final int code;
    private final String reference;

    SequenceNumbers(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<SequenceNumbers> of(int code) {
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
