package org.ikev2d.core.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.ikev2d.core.bytes.ByteReader;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;

/**
 * Distinguished names, which identities and certificates have in DER (RFC 5280 §4.1.2.4). Written in the order of the
 * DER, as openssl and other IKE daemons do: {@code C=XX, O=Example, CN=gw}; the JDK, after RFC 2253, has it the other
 * way round.
 */
public final class DistinguishedName {
    private static final Pattern LOOK = Pattern.compile("[A-Za-z][A-Za-z0-9-]*|[0-9]+(\\.[0-9]+)+");

    /** The JDK's canonical form has values of less common types as the digits of their DER. */
    private static final Pattern ANYTHING = Pattern.compile("[^=]+=(\\*|#(0c|13|16)012a)");

    /** A part of several values; a plus sign of a value has a backslash before it. */
    private static final Pattern SEVERAL = Pattern.compile("(?<!\\\\)\\+");

    private static final int SEQUENCE = 0x30;

    /** What the JDK writes as numbers. */
    private static final Map<String, String> WORDS = Map.of(
            "1.2.840.113549.1.9.1", "emailAddress",
            "2.5.4.5", "serialNumber",
            "2.5.4.12", "title",
            "2.5.4.4", "SN",
            "2.5.4.42", "GN");

    private static final Map<String, String> NUMBERS = Map.of(
            "EMAIL", "1.2.840.113549.1.9.1",
            "E", "1.2.840.113549.1.9.1",
            "SN", "2.5.4.4",
            "GN", "2.5.4.42",
            "TITLE", "2.5.4.12");

    private static final int LONGEST = 256;

    private DistinguishedName() {}

    /** Whether {@code text} begins as one does: with a type and a sign of equality. */
    public static boolean looksLike(String text) {
        int equals = text.indexOf('=');
        return equals > 0 && LOOK.matcher(text.substring(0, equals).strip()).matches();
    }

    /**
     * The DER of {@code text}.
     *
     * @throws IllegalArgumentException with a text for a person
     */
    static Bytes encode(String text) {
        List<Bytes> parts;
        try {
            parts = new ArrayList<>(parts(Bytes.wrap(new X500Principal(text, NUMBERS).getEncoded())));
        } catch (IllegalArgumentException | DecodeException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no distinguished name; write one such as C=XX, O=Example, CN=gw");
        }
        Collections.reverse(parts);
        return sequence(Bytes.concat(parts.toArray(new Bytes[0])));
    }

    /** One line of visible ASCII; empty where {@code der} is no name, or a name of nothing. */
    public static Optional<String> describe(Bytes der) {
        try {
            List<String> texts = new ArrayList<>();
            for (Bytes part : parts(der)) {
                texts.add(principal(sequence(part)).getName(X500Principal.RFC2253, WORDS));
            }
            return texts.isEmpty() ? Optional.empty() : Optional.of(visible(String.join(", ", texts)));
        } catch (IllegalArgumentException | DecodeException e) {
            return Optional.empty();
        }
    }

    /** Whether both are names and the same, whatever their strings' types, case and spaces (RFC 5280 §7.1). */
    public static boolean same(Bytes one, Bytes other) {
        try {
            return principal(one).equals(principal(other));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * A name of which some parts may be anything.
     *
     * @param parts each in the JDK's canonical form, {@code cn=gw}; {@code cn=*} is any of that type
     * @param text as it was written
     */
    public record Like(List<String> parts, String text) {
        public Like {
            parts = List.copyOf(parts);
        }

        /**
         * Reads a name in which values may be {@code *}.
         *
         * @throws IllegalArgumentException with a text for a person
         */
        public static Like parse(String text) {
            Like like = new Like(canonical(encode(text)).orElseThrow(), text);
            if (like.parts.stream().anyMatch(part -> part.indexOf('*') >= 0 && !isAnything(part))) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" has a * among other characters; a part is * as a whole, or none");
            }
            return like;
        }

        private static boolean isAnything(String part) {
            return ANYTHING.matcher(part).matches();
        }

        /** Whether {@code der} is a name of this kind, part by part. */
        public boolean matches(Bytes der) {
            Optional<List<String>> theirs = canonical(der);
            if (theirs.isEmpty() || theirs.get().size() != parts.size()) {
                return false;
            }
            for (int i = 0; i < parts.size(); i++) {
                String wanted = parts.get(i);
                String found = theirs.get().get(i);
                boolean fits = isAnything(wanted)
                        ? found.startsWith(wanted.substring(0, wanted.indexOf('=') + 1))
                                && !SEVERAL.matcher(found).find()
                        : found.equals(wanted);
                if (!fits) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A name's parts in the form that the JDK compares; empty where {@code der} is no name. */
    private static Optional<List<String>> canonical(Bytes der) {
        try {
            List<String> texts = new ArrayList<>();
            for (Bytes part : parts(der)) {
                texts.add(principal(sequence(part)).getName(X500Principal.CANONICAL));
            }
            return Optional.of(texts);
        } catch (IllegalArgumentException | DecodeException e) {
            return Optional.empty();
        }
    }

    private static X500Principal principal(Bytes der) {
        return new X500Principal(der.toArray());
    }

    private static Bytes sequence(Bytes content) {
        ByteWriter der = new ByteWriter().u8(SEQUENCE);
        int size = content.size();
        if (size < 0x80) {
            der.u8(size);
        } else if (size < 0x100) {
            der.u8(0x81).u8(size);
        } else {
            der.u8(0x82).u16(size);
        }
        return der.bytes(content).toBytes();
    }

    /** The relative distinguished names of a name, each with its tag and length. */
    private static List<Bytes> parts(Bytes der) throws DecodeException {
        ByteReader in = ByteReader.of(der, "name");
        in.skip(1, "tag");
        ByteReader content = in.slice(length(in), "parts");
        in.expectEnd();
        List<Bytes> parts = new ArrayList<>();
        while (content.remaining() > 0) {
            int from = content.offset();
            content.skip(1, "tag");
            content.skip(length(content), "part");
            parts.add(der.slice(from, content.offset()));
        }
        return parts;
    }

    private static int length(ByteReader in) throws DecodeException {
        int first = in.u8("length");
        return switch (first) {
            case 0x81 -> in.u8("length");
            case 0x82 -> in.u16("length");
            default -> first;
        };
    }

    private static String visible(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars().limit(LONGEST).forEach(c -> shown.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        return text.length() <= LONGEST ? shown.toString() : shown.append("...").toString();
    }
}
