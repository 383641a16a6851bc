package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Certificate Encodings". */
public enum CertEncoding implements CodePoint {
    X509_SIGNATURE(4, "RFC 7296 §3.6"),
    CRL(7, "RFC 7296 §3.6"),
    RAW_PUBLIC_KEY(15, "RFC 7670 §5");

    private static final Map<Integer, CertEncoding> BY_CODE = CodePoint.index(CertEncoding.class);

    private final int code;
    private final String reference;

    CertEncoding(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<CertEncoding> of(int code) {
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
