package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Security Protocol Identifiers". */
public enum ProtocolId implements CodePoint {
    IKE(1, "RFC 7296 §3.3.1"),
    AH(2, "RFC 7296 §3.3.1"),
    ESP(3, "RFC 7296 §3.3.1");

    private static final Map<Integer, ProtocolId> BY_CODE = CodePoint.index(ProtocolId.class);

    private final int code;
    private final String reference;

    ProtocolId(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<ProtocolId> of(int code) {
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
