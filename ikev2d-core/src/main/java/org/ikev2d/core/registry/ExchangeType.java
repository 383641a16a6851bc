package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Exchange Types". */
public enum ExchangeType implements CodePoint {
    IKE_SA_INIT(34, "RFC 7296 §3.1"),
    IKE_AUTH(35, "RFC 7296 §3.1"),
    CREATE_CHILD_SA(36, "RFC 7296 §3.1"),
    INFORMATIONAL(37, "RFC 7296 §3.1"),
    IKE_INTERMEDIATE(43, "RFC 9242 §3.2"),
    IKE_FOLLOWUP_KE(44, "RFC 9370 §2.2.4");

    private static final Map<Integer, ExchangeType> BY_CODE = CodePoint.index(ExchangeType.class);

    private final int code;
    private final String reference;

    ExchangeType(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<ExchangeType> of(int code) {
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
