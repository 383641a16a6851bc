package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "Transform Type 4 - Key Exchange Method Transform IDs", those that we negotiate. */
public enum KeyExchangeMethod implements CodePoint {
    NONE(0, "RFC 7296 §3.3.2"),
    MODP_2048(14, "RFC 3526 §3"),
    MODP_3072(15, "RFC 3526 §4"),
    MODP_4096(16, "RFC 3526 §5"),
    ECP_256(19, "RFC 5903 §3.1"),
    ECP_384(20, "RFC 5903 §3.2"),
    ECP_521(21, "RFC 5903 §3.3"),
    CURVE25519(31, "RFC 8031 §2"),
    ML_KEM_768(36, "draft-ietf-ipsecme-ikev2-mlkem §2.1"),
    ML_KEM_1024(37, "draft-ietf-ipsecme-ikev2-mlkem §2.1");

    private static final Map<Integer, KeyExchangeMethod> BY_CODE = CodePoint.index(KeyExchangeMethod.class);

    private final int code;
    private final String reference;

    KeyExchangeMethod(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<KeyExchangeMethod> of(int code) {
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
