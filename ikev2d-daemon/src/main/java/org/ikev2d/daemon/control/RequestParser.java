package org.ikev2d.daemon.control;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.ikev2d.daemon.control.Request.Operation;

/** Reads one line of a client. Strict, so that a misspelt member is not taken for its absence. */
final class RequestParser {
    static final int VERSION = 1;

    /** Deeper brackets than any request has; a parser that calls itself for each would run out of stack. */
    private static final int DEEPEST = 8;

    private static final Set<String> MEMBERS = Set.of("v", "id", "op", "tunnel", "keep", "ike");
    private static final Set<Operation> NEED_TUNNEL = EnumSet.of(Operation.UP, Operation.DOWN, Operation.REKEY);
    private static final Set<Operation> MAY_HAVE_TUNNEL =
            EnumSet.of(Operation.UP, Operation.DOWN, Operation.REKEY, Operation.STATUS);

    private final JsonObject members;
    private OptionalLong id = OptionalLong.empty();

    private RequestParser(JsonObject members) {
        this.members = members;
    }

    /** @param line without the newline */
    static Request parse(byte[] line) throws BadRequestException {
        return new RequestParser(object(line)).request();
    }

    private static JsonObject object(byte[] line) throws BadRequestException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadRequestException(OptionalLong.empty(), ErrorCode.BAD_JSON, "the line is not UTF-8");
        }
        if (text.chars().filter(c -> c == '[' || c == '{').count() > DEEPEST) {
            throw new BadRequestException(OptionalLong.empty(), ErrorCode.BAD_JSON, "more brackets than a request has");
        }
        try {
            return JsonParser.object().from(text);
        } catch (JsonParserException e) {
            throw new BadRequestException(
                    OptionalLong.empty(),
                    ErrorCode.BAD_JSON,
                    "not one JSON object per line: at character " + e.getCharPosition() + " of the line");
        }
    }

    private Request request() throws BadRequestException {
        Object number = members.get("id");
        boolean fits = number instanceof Integer
                || number instanceof Long
                || (number instanceof BigInteger large && large.bitLength() < Long.SIZE);
        if (!fits) {
            throw bad(ErrorCode.BAD_REQUEST, "\"id\" must be an integer of 64 bits");
        }
        id = OptionalLong.of(((Number) number).longValue());
        if (!Integer.valueOf(VERSION).equals(members.get("v"))) {
            throw bad(ErrorCode.BAD_VERSION, "\"v\" must be " + VERSION + ", the version that this daemon speaks");
        }
        for (String member : members.keySet()) {
            if (!MEMBERS.contains(member)) {
                throw bad(ErrorCode.BAD_REQUEST, "unknown member " + Text.quoted(member));
            }
        }
        Operation operation = operation();
        return new Request(
                id.getAsLong(),
                operation,
                tunnel(operation),
                flag("keep", Operation.STOP, operation),
                flag("ike", Operation.REKEY, operation));
    }

    private Operation operation() throws BadRequestException {
        for (Operation operation : Operation.values()) {
            if (operation.word().equals(members.get("op"))) {
                return operation;
            }
        }
        throw bad(ErrorCode.UNKNOWN_OP, "\"op\" must be one of status, version, up, down, rekey, reload, stop");
    }

    private String tunnel(Operation operation) throws BadRequestException {
        Object tunnel = members.get("tunnel");
        if (!members.containsKey("tunnel")) {
            if (NEED_TUNNEL.contains(operation)) {
                throw bad(ErrorCode.BAD_REQUEST, operation.word() + " needs a \"tunnel\"");
            }
            return "";
        }
        if (!MAY_HAVE_TUNNEL.contains(operation)) {
            throw bad(ErrorCode.BAD_REQUEST, operation.word() + " takes no \"tunnel\"");
        }
        if (!(tunnel instanceof String name) || name.isEmpty()) {
            throw bad(ErrorCode.BAD_REQUEST, "\"tunnel\" must be a tunnel's name");
        }
        return name;
    }

    /** A boolean that {@code owner} alone may have. */
    private boolean flag(String member, Operation owner, Operation operation) throws BadRequestException {
        if (!members.containsKey(member)) {
            return false;
        }
        if (operation != owner) {
            throw bad(ErrorCode.BAD_REQUEST, operation.word() + " takes no \"" + member + "\"");
        }
        if (!(members.get(member) instanceof Boolean flag)) {
            throw bad(ErrorCode.BAD_REQUEST, "\"" + member + "\" must be true or false");
        }
        return flag;
    }

    private BadRequestException bad(ErrorCode code, String text) {
        return new BadRequestException(id, code, text);
    }
}
