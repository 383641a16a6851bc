package org.ikev2d.misplaced.elsewhere;

import com.grack.nanojson.JsonWriter;
import org.tomlj.Toml;

/** In no part, not final, and reads every format. */
public class Stray {
    public String read(String text) {
        return JsonWriter.string(Toml.parse(text).toMap());
    }
}
