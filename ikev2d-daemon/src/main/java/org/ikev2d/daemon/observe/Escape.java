package org.ikev2d.daemon.observe;

/** Keeps text within its line and as it looks. */
final class Escape {
    private Escape() {}

    /** {@code text} with whatever could break, forge or reorder a line written as a backslash, u and hexadecimal. */
    static String line(String text) {
        if (text.codePoints().allMatch(Escape::isHarmless)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isHarmless(c)) {
                safe.appendCodePoint(c);
            } else {
                safe.append(String.format("\\u%04x", c));
            }
        });
        return safe.toString();
    }

    /** Format characters turn text around (bidirectional overrides); a surrogate here lacks its other half. */
    private static boolean isHarmless(int c) {
        if (c >= ' ' && c < 0x7f) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
