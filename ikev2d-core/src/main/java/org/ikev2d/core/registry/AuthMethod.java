package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Authentication Method". */
public enum AuthMethod implements CodePoint {
    RSA_SIGNATURE(1, "RFC 7296 §3.8"),
    SHARED_KEY_MIC(2, "RFC 7296 §3.8"),
    ECDSA_SHA256_P256(9, "RFC 4754 §6"),
    ECDSA_SHA384_P384(10, "RFC 4754 §6"),
    ECDSA_SHA512_P521(11, "RFC 4754 §6"),
    DIGITAL_SIGNATURE(14, "RFC 7427 §3");

    private static final Map<Integer, AuthMethod> BY_CODE = CodePoint.index(AuthMethod.class);

    private final int code;
    private final String reference;

    AuthMethod(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<AuthMethod> of(int code) {
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
