package org.ikev2d.daemon.control;

import java.util.OptionalLong;

/** A line that is no request, or one that cannot be met. */
final class BadRequestException extends Exception {
    private final OptionalLong id;
    private final ErrorCode code;

    /**
     * @param id the request's, where it could be read
     */
    BadRequestException(OptionalLong id, ErrorCode code, String text) {
        super(text, null, false, false);
        this.id = id;
        this.code = code;
    }

    OptionalLong id() {
        return id;
    }

    ErrorCode code() {
        return code;
    }
}
