package org.ikev2d.core.registry;

import java.util.Map;
import java.util.Optional;

/** IANA "IKEv2 Notify Message Error Types" (below 16384) and "Status Types". */
public enum NotifyType implements CodePoint {
    UNSUPPORTED_CRITICAL_PAYLOAD(1, "RFC 7296 §3.10.1"),
    INVALID_IKE_SPI(4, "RFC 7296 §3.10.1"),
    INVALID_MAJOR_VERSION(5, "RFC 7296 §3.10.1"),
    INVALID_SYNTAX(7, "RFC 7296 §3.10.1"),
    INVALID_MESSAGE_ID(9, "RFC 7296 §3.10.1"),
    INVALID_SPI(11, "RFC 7296 §3.10.1"),
    NO_PROPOSAL_CHOSEN(14, "RFC 7296 §3.10.1"),
    INVALID_KE_PAYLOAD(17, "RFC 7296 §3.10.1"),
    AUTHENTICATION_FAILED(24, "RFC 7296 §3.10.1"),
    SINGLE_PAIR_REQUIRED(34, "RFC 7296 §3.10.1"),
    NO_ADDITIONAL_SAS(35, "RFC 7296 §3.10.1"),
    INTERNAL_ADDRESS_FAILURE(36, "RFC 7296 §3.10.1"),
    FAILED_CP_REQUIRED(37, "RFC 7296 §3.10.1"),
    TS_UNACCEPTABLE(38, "RFC 7296 §3.10.1"),
    INVALID_SELECTORS(39, "RFC 7296 §3.10.1"),
    UNACCEPTABLE_ADDRESSES(40, "RFC 4555 §4.1.1"),
    UNEXPECTED_NAT_DETECTED(41, "RFC 4555 §4.1.2"),
    TEMPORARY_FAILURE(43, "RFC 7296 §3.10.1"),
    CHILD_SA_NOT_FOUND(44, "RFC 7296 §3.10.1"),
    TS_MAX_QUEUE(48, "RFC 9611 §5.2"),
    INITIAL_CONTACT(16384, "RFC 7296 §3.10.1"),
    SET_WINDOW_SIZE(16385, "RFC 7296 §3.10.1"),
    ADDITIONAL_TS_POSSIBLE(16386, "RFC 7296 §3.10.1"),
    IPCOMP_SUPPORTED(16387, "RFC 7296 §3.10.1"),
    NAT_DETECTION_SOURCE_IP(16388, "RFC 7296 §3.10.1"),
    NAT_DETECTION_DESTINATION_IP(16389, "RFC 7296 §3.10.1"),
    COOKIE(16390, "RFC 7296 §3.10.1"),
    USE_TRANSPORT_MODE(16391, "RFC 7296 §3.10.1"),
    HTTP_CERT_LOOKUP_SUPPORTED(16392, "RFC 7296 §3.10.1"),
    REKEY_SA(16393, "RFC 7296 §3.10.1"),
    ESP_TFC_PADDING_NOT_SUPPORTED(16394, "RFC 7296 §3.10.1"),
    NON_FIRST_FRAGMENTS_ALSO(16395, "RFC 7296 §3.10.1"),
    MOBIKE_SUPPORTED(16396, "RFC 4555 §4.2.1"),
    ADDITIONAL_IP4_ADDRESS(16397, "RFC 4555 §4.2.2"),
    ADDITIONAL_IP6_ADDRESS(16398, "RFC 4555 §4.2.2"),
    NO_ADDITIONAL_ADDRESSES(16399, "RFC 4555 §4.2.3"),
    UPDATE_SA_ADDRESSES(16400, "RFC 4555 §4.2.4"),
    COOKIE2(16401, "RFC 4555 §4.2.5"),
    NO_NATS_ALLOWED(16402, "RFC 4555 §4.2.6"),
    CHILDLESS_IKEV2_SUPPORTED(16418, "RFC 6023 §4"),
    IKEV2_FRAGMENTATION_SUPPORTED(16430, "RFC 7383 §2.3"),
    SIGNATURE_HASH_ALGORITHMS(16431, "RFC 7427 §4"),
    USE_PPK(16435, "RFC 8784 §3"),
    PPK_IDENTITY(16436, "RFC 8784 §3"),
    NO_PPK_AUTH(16437, "RFC 8784 §3"),
    INTERMEDIATE_EXCHANGE_SUPPORTED(16438, "RFC 9242 §3.1"),
    SA_RESOURCE_INFO(16444, "RFC 9611 §5.1");

    private static final Map<Integer, NotifyType> BY_CODE = CodePoint.index(NotifyType.class);

    private final int code;
    private final String reference;

    NotifyType(int code, String reference) {
        this.code = code;
        this.reference = reference;
    }

    public static Optional<NotifyType> of(int code) {
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

    /** Error types are those below 16384 (RFC 7296 §3.10.1). */
    public boolean isError() {
        return isError(code);
    }

    public static boolean isError(int code) {
        return code < 16384;
    }
}
