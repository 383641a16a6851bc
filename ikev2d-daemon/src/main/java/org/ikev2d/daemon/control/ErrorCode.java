package org.ikev2d.daemon.control;

import java.util.Locale;

/** Why a request was not met; docs/control-protocol.md says when. The words are stable. */
enum ErrorCode {
    BAD_JSON,
    BAD_REQUEST,
    BAD_VERSION,
    UNKNOWN_OP,
    UNKNOWN_TUNNEL,
    FAILED,
    BUSY,
    INTERNAL,
    NOT_PERMITTED,
    TOO_LONG,
    TOO_MANY_CONNECTIONS,
    IDLE;

    /** As a reply has it: {@code bad-json}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
