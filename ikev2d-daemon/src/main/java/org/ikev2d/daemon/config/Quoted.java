package org.ikev2d.daemon.config;

/** Text from a file as messages show it. */
final class Quoted {
    private static final int LONGEST = 60;

    private Quoted() {}

    /** In quotation marks, on one line, cut after 60 characters. */
    static String of(String text) {
        boolean cut = text.codePointCount(0, text.length()) > LONGEST;
        String shown = cut ? text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…" : text;
        return "\"" + oneLine(shown.replace("\\", "\\\\").replace("\"", "\\\"")) + "\"";
    }

    /** With controls and whatever else is not seen as {@code \}{@code u0007}. */
    static String oneLine(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isVisible(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format("\\u%04x", c));
            }
        });
        return shown.toString();
    }

    private static boolean isVisible(int c) {
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
