package org.ikev2d.daemon.control;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.util.OptionalLong;

/** The lines of a reply, each with its newline. */
final class Replies {
    private Replies() {}

    /** One thing that was asked for. */
    static String part(long id, String name, JsonObject value) {
        JsonObject line = start(OptionalLong.of(id));
        line.put(name, value);
        return text(line);
    }

    /** The last line of a request that was met. */
    static String done(long id, String text) {
        JsonObject line = start(OptionalLong.of(id));
        line.put("end", true);
        line.put("ok", true);
        if (!text.isEmpty()) {
            line.put("text", text);
        }
        return text(line);
    }

    /** The last line of a request that was not met. */
    static String failed(OptionalLong id, ErrorCode code, String text) {
        JsonObject error = new JsonObject();
        error.put("code", code.word());
        error.put("text", text);
        JsonObject line = start(id);
        line.put("end", true);
        line.put("ok", false);
        line.put("error", error);
        return text(line);
    }

    private static JsonObject start(OptionalLong id) {
        JsonObject line = new JsonObject();
        line.put("v", RequestParser.VERSION);
        line.put("id", id.isPresent() ? (Object) id.getAsLong() : null);
        return line;
    }

    private static String text(JsonObject line) {
        return JsonWriter.string(line) + "\n";
    }
}
