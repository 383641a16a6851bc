package org.ikev2d.daemon.control;

/** What others wrote, fit for one line of a terminal or a log. */
public final class Text {
    private static final int LONGEST = 200;

    private Text() {}

    /** In quotation marks, {@linkplain #visible visible}, and cut after 200 characters. */
    public static String quoted(String text) {
        String shown = visible(text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text);
        return "\"" + shown.replace("\"", "\\\"") + "\"";
    }

    /** With everything but visible ASCII and spaces as {@code \}{@code u001b}. */
    public static String visible(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f) {
                shown.append("\\u").append(String.format("%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }
}
