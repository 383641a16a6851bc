package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Payload Types". */
public enum PayloadType implements CodePoint {
    SECURITY_ASSOCIATION(33, "RFC 7296 §3.3"),
    KEY_EXCHANGE(34, "RFC 7296 §3.4"),
    IDENTIFICATION_INITIATOR(35, "RFC 7296 §3.5"),
    IDENTIFICATION_RESPONDER(36, "RFC 7296 §3.5"),
    CERTIFICATE(37, "RFC 7296 §3.6"),
    CERTIFICATE_REQUEST(38, "RFC 7296 §3.7"),
    AUTHENTICATION(39, "RFC 7296 §3.8"),
    NONCE(40, "RFC 7296 §3.9"),
    NOTIFY(41, "RFC 7296 §3.10"),
    DELETE(42, "RFC 7296 §3.11"),
    VENDOR_ID(43, "RFC 7296 §3.12"),
    TRAFFIC_SELECTORS_INITIATOR(44, "RFC 7296 §3.13"),
    TRAFFIC_SELECTORS_RESPONDER(45, "RFC 7296 §3.13"),
    ENCRYPTED(46, "RFC 7296 §3.14"),
    CONFIGURATION(47, "RFC 7296 §3.15"),
    EXTENSIBLE_AUTHENTICATION(48, "RFC 7296 §3.16"),
    ENCRYPTED_FRAGMENT(53, "RFC 7383 §2.5");

    private static final Map<Integer, PayloadType> BY_CODE = CodePoint.index(PayloadType.class);

    private final int code;
    private final String reference;

    PayloadType(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<PayloadType> of(int code) {
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
