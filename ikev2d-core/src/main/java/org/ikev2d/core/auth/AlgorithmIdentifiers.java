package org.ikev2d.core.auth;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.SignatureScheme.Algorithm;
import org.ikev2d.core.registry.HashAlgorithm;

/**
 * What stands before a signature to say how it was made (RFC 7427 §3, Appendix A; RFC 8420 Appendix A): an
 * AlgorithmIdentifier in DER, compared as octets, in each form that the RFCs allow.
 */
final class AlgorithmIdentifiers {
    private static final int SEQUENCE = 0x30;
    private static final int CONTEXT = 0xa0;

    private static final Bytes NULL = Bytes.hex("0500");
    private static final Bytes NOTHING = Bytes.empty();

    /** id-RSASSA-PSS and id-mgf1 (RFC 4055 §2.2, §3.1). */
    private static final Bytes PSS = Bytes.hex("06092a864886f70d01010a");

    private static final Bytes MGF1 = Bytes.hex("06092a864886f70d010108");

    /** trailerFieldBC, which DER leaves out and some write. */
    private static final Bytes TRAILER = Bytes.hex("a303020101");

    private static final Map<SignatureScheme, Bytes> OURS = new EnumMap<>(SignatureScheme.class);
    private static final Map<Bytes, SignatureScheme> KNOWN = new HashMap<>();

    static {
        for (SignatureScheme scheme : SignatureScheme.values()) {
            if (scheme.algorithm() == Algorithm.RSA_PSS) {
                addPss(scheme);
            } else {
                boolean needsNull = scheme.algorithm() == Algorithm.RSA_PKCS1;
                add(scheme, sequence(name(scheme), needsNull ? NULL : NOTHING));
                add(scheme, sequence(name(scheme), needsNull ? NOTHING : NULL));
            }
        }
    }

    private AlgorithmIdentifiers() {}

    /** As the RFCs' appendices have it. */
    static Bytes of(SignatureScheme scheme) {
        return OURS.get(scheme);
    }

    static Optional<SignatureScheme> find(Bytes identifier) {
        return Optional.ofNullable(KNOWN.get(identifier));
    }

    /** The first that is added for a scheme is ours. */
    private static void add(SignatureScheme scheme, Bytes identifier) {
        OURS.putIfAbsent(scheme, identifier);
        KNOWN.put(identifier, scheme);
    }

    /** The hashes' own parameters are NULL or absent, both to be accepted (RFC 4055 §2.1). */
    private static void addPss(SignatureScheme scheme) {
        Bytes hashName = hashName(scheme.hash());
        Bytes[] hashes = {sequence(hashName, NULL), sequence(hashName, NOTHING)};
        for (Bytes trailer : new Bytes[] {TRAILER, NOTHING}) {
            for (Bytes hash : hashes) {
                for (Bytes maskHash : hashes) {
                    Bytes parameters = sequence(
                            der(CONTEXT, hash),
                            der(CONTEXT + 1, sequence(MGF1, maskHash)),
                            der(CONTEXT + 2, Bytes.of((byte) 2, (byte) 1, (byte) saltSize(scheme.hash()))),
                            trailer);
                    add(scheme, sequence(PSS, parameters));
                }
            }
        }
    }

    /** RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3. */
    private static Bytes name(SignatureScheme scheme) {
        return switch (scheme) {
            case RSA_SHA1 -> Bytes.hex("06092a864886f70d010105");
            case RSA_SHA2_256 -> Bytes.hex("06092a864886f70d01010b");
            case RSA_SHA2_384 -> Bytes.hex("06092a864886f70d01010c");
            case RSA_SHA2_512 -> Bytes.hex("06092a864886f70d01010d");
            case ECDSA_SHA2_256 -> Bytes.hex("06082a8648ce3d040302");
            case ECDSA_SHA2_384 -> Bytes.hex("06082a8648ce3d040303");
            case ECDSA_SHA2_512 -> Bytes.hex("06082a8648ce3d040304");
            case ED25519 -> Bytes.hex("06032b6570");
            case RSA_PSS_SHA2_256, RSA_PSS_SHA2_384, RSA_PSS_SHA2_512 -> PSS;
        };
    }

    /** RFC 4055 §2.1. */
    private static Bytes hashName(HashAlgorithm hash) {
        return switch (hash) {
            case SHA2_256 -> Bytes.hex("0609608648016503040201");
            case SHA2_384 -> Bytes.hex("0609608648016503040202");
            case SHA2_512 -> Bytes.hex("0609608648016503040203");
            case SHA1, IDENTITY -> throw new IllegalArgumentException(hash + " does not go with PSS here");
        };
    }

    private static int saltSize(HashAlgorithm hash) {
        return switch (hash) {
            case SHA2_256 -> 32;
            case SHA2_384 -> 48;
            case SHA2_512 -> 64;
            case SHA1, IDENTITY -> throw new IllegalArgumentException(hash + " does not go with PSS here");
        };
    }

    private static Bytes sequence(Bytes... content) {
        return der(SEQUENCE, content);
    }

    /** Short form of the length: nothing here is longer than 127 octets. */
    private static Bytes der(int tag, Bytes... content) {
        Bytes joined = Bytes.concat(content);
        return new ByteWriter().u8(tag).u8(joined.size()).bytes(joined).toBytes();
    }
}
