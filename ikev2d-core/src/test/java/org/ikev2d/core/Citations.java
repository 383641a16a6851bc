package org.ikev2d.core;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How sources may cite RFCs. */
final class Citations {
    /** IKEv1, and what RFC 7296 replaced. */
    private static final Pattern OBSOLETE = Pattern.compile("RFC ?(2409|4306|4718|5996)\\b");

    private static final Pattern OTHER_FORM = Pattern.compile("RFC ?\\d{4},? ?([Ss]ec|[Cc]hapter)|\\bRFC\\d{4} ?§");

    private Citations() {}

    /** What is wrong in {@code text}, each with its line. */
    static List<String> faults(String name, String text) {
        List<String> faults = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            for (Pattern pattern : List.of(OBSOLETE, OTHER_FORM)) {
                Matcher found = pattern.matcher(lines[i]);
                if (found.find()) {
                    faults.add(name + ":" + (i + 1) + ": " + found.group());
                }
            }
        }
        return faults;
    }
}
