package org.ikev2d.core.vectors;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Secret;

/** What the JSON of test vectors is read with. */
public final class Fields {
    private Fields() {}

    /** The array's objects. */
    public static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    /** A field that is pairs of hexadecimal digits, perhaps none; no octets where there is no such field. */
    public static Bytes hex(JsonObject object, String field) {
        return Bytes.hex(object.getString(field, ""));
    }

    /** {@link #hex}, the caller's own. */
    public static Secret secret(JsonObject object, String field) {
        return Secret.of(hex(object, field));
    }
}
