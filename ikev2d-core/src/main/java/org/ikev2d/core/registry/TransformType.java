package org.ikev2d.core.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** IANA "Transform Type Values". */
public enum TransformType implements CodePoint {
    ENCRYPTION_ALGORITHM(1, "RFC 7296 §3.3.2"),
    PSEUDORANDOM_FUNCTION(2, "RFC 7296 §3.3.2"),
    INTEGRITY_ALGORITHM(3, "RFC 7296 §3.3.2"),
    KEY_EXCHANGE_METHOD(4, "RFC 7296 §3.3.2"),
    SEQUENCE_NUMBERS(5, "RFC 7296 §3.3.2"),
    ADDITIONAL_KEY_EXCHANGE_1(6, "RFC 9370 §2.2.1"),
    ADDITIONAL_KEY_EXCHANGE_2(7, "RFC 9370 §2.2.1"),
    ADDITIONAL_KEY_EXCHANGE_3(8, "RFC 9370 §2.2.1"),
    ADDITIONAL_KEY_EXCHANGE_4(9, "RFC 9370 §2.2.1"),
    ADDITIONAL_KEY_EXCHANGE_5(10, "RFC 9370 §2.2.1"),
    ADDITIONAL_KEY_EXCHANGE_6(11, "RFC 9370 §2.2.1"),
    ADDITIONAL_KEY_EXCHANGE_7(12, "RFC 9370 §2.2.1");

    /** In the order in which they take place. */
    public static final List<TransformType> ADDITIONAL_KEY_EXCHANGES = Stream.of(values())
            .filter(type -> type.code >= ADDITIONAL_KEY_EXCHANGE_1.code)
            .toList();

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

    /** Whether its IDs are those of {@link KeyExchangeMethod}. */
    public boolean isKeyExchange() {
        return this == KEY_EXCHANGE_METHOD || ADDITIONAL_KEY_EXCHANGES.contains(this);
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
