package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Identification Payload ID Types". */
public enum IdType implements CodePoint {
    IPV4_ADDR(1, "RFC 7296 §3.5"),
    FQDN(2, "RFC 7296 §3.5"),
    RFC822_ADDR(3, "RFC 7296 §3.5"),
    IPV6_ADDR(5, "RFC 7296 §3.5"),
    DER_ASN1_DN(9, "RFC 7296 §3.5"),
    DER_ASN1_GN(10, "RFC 7296 §3.5"),
    KEY_ID(11, "RFC 7296 §3.5");

    private static final Map<Integer, IdType> BY_CODE = CodePoint.index(IdType.class);

    private final int code;
    private final String reference;

    IdType(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<IdType> of(int code) {
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
