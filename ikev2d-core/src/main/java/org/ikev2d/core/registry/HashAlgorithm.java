package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Hash Algorithms". {@link #IDENTITY} hashes nothing: the signature algorithm takes octets of any length. */
public enum HashAlgorithm implements CodePoint {
    SHA1(1, "RFC 7427 §7"),
    SHA2_256(2, "RFC 7427 §7"),
    SHA2_384(3, "RFC 7427 §7"),
    SHA2_512(4, "RFC 7427 §7"),
    IDENTITY(5, "RFC 8420 §4");

    private static final Map<Integer, HashAlgorithm> BY_CODE = CodePoint.index(HashAlgorithm.class);

    private final int code;
    private final String reference;

    HashAlgorithm(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<HashAlgorithm> of(int code) {
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
