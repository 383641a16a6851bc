package org.ikev2d.daemon.control;

import java.util.OptionalLong;

/** A line that is no request, or one that cannot be met. */
final class BadRequestException extends Exception {
    private final OptionalLong id;
    private final String code;

    /**
     * @param id the request's, where it could be read
     * @param code stable, as docs/control-protocol.md lists them
     */
    BadRequestException(OptionalLong id, String code, String text) {
        super(text, null, false, false);
        this.id = id;
        this.code = code;
    }

    OptionalLong id() {
        return id;
    }

    String code() {
        return code;
    }
}
