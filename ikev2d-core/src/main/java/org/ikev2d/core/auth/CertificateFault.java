package org.ikev2d.core.auth;

/** Why a peer's certificate is not taken. */
public enum CertificateFault {
    /** None was shown, or none that can be read. */
    UNREADABLE,
    /** It does not lead to an authority that is trusted. */
    UNKNOWN_AUTHORITY,
    EXPIRED,
    NOT_YET_VALID,
    /** A signature in the chain does not verify. */
    BAD_SIGNATURE,
    /** An authority says that fewer certificates may stand below it, or one of the chain is no authority. */
    PATH_LENGTH,
    NAME_CONSTRAINT,
    /** Key usage or extended key usage are for other things. */
    USAGE,
    /** A critical extension, or a policy, that is not understood or not met. */
    EXTENSION,
    /** A hash that can be forged, or a key that is too short. */
    WEAK,
    REVOKED,
    /** Revocation must be known, and is not. */
    REVOCATION_UNKNOWN,
    /** It is not the certificate of whom the peer says it is. */
    IDENTITY,
    /** Whoever judges did not come to an end in time. */
    NO_VERDICT
}
