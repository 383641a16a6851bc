package org.ikev2d.daemon.control;

/** What others wrote, fit for one line of a terminal or a log. */
public final class Text {
    private static final int LONGEST = 200;

    private Text() {}

    /** In quotation marks, and {@linkplain #visible visible}. */
    public static String quoted(String text) {
        return "\"" + visible(text).replace("\"", "\\\"") + "\"";
    }

    /** With controls and other invisible characters as {@code \}{@code u001b}, cut after 200 characters. */
    public static String visible(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f) {
                shown.append("\\u").append(String.format("%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append(text.length() > LONGEST ? "..." : "").toString();
    }
}
