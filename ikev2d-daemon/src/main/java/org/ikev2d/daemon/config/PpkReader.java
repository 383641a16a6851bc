package org.ikev2d.daemon.config;

import java.util.Optional;
import java.util.regex.Pattern;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.crypto.Secret;

/** Reads a tunnel's post-quantum preshared key (RFC 8784): {@code ppk_file}, {@code ppk_id}, {@code ppk_required}. */
final class PpkReader {
    /** What every peer can be given: the printable characters of ASCII. */
    private static final Pattern ID = Pattern.compile("[!-~]{1,255}");

    private final Section section;
    private final SecretFile files;

    PpkReader(Section section, SecretFile files) {
        this.section = section;
        this.files = files;
    }

    /** The caller's own; empty where there is none, or something is wrong. */
    Optional<Ppk> read() {
        Optional<Secret> key = section.meaning("ppk_file", "b.ppk", files::read);
        if (section.has("ppk_file")) {
            section.require("ppk_id", "ppk_id = \"b-2026\"");
        }
        for (String alone : new String[] {"ppk_id", "ppk_required"}) {
            if (section.has(alone) && !section.has("ppk_file")) {
                section.wrong(alone, "is there without its key", "add a line such as ppk_file = \"b.ppk\"");
            }
        }
        Optional<String> id = section.meaning("ppk_id", "b-2026", PpkReader::id);
        boolean required = section.word("ppk_required", TunnelReader.inOrder("no", false, "yes", true), false);
        if (id.isEmpty()) {
            key.ifPresent(Secret::close);
            return Optional.empty();
        }
        return key.map(secret -> new Ppk(id.get(), secret, required));
    }

    private static String id(String text) throws BadValueException {
        if (!ID.matcher(text).matches()) {
            throw new BadValueException(
                    Quoted.of(text) + " is no name for a PPK",
                    "use up to 255 letters, digits and signs of ASCII, without spaces");
        }
        return text;
    }
}
