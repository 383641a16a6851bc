package org.ikev2d.daemon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists of known words in messages, and guesses which of them was meant. */
final class Words {
    private Words() {}

    /** The values of an enum by their words: {@code ALWAYS_UP} is {@code always-up}. */
    static <E extends Enum<E>> Map<String, E> of(E[] values) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E value : values) {
            words.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
        }
        return words;
    }

    /** {@code "a", "b" or "c"}. */
    static String alternatives(Collection<String> words) {
        List<String> quoted = words.stream().map(Quoted::of).toList();
        return quoted.size() < 2
                ? String.join("", quoted)
                : quoted.stream().limit(quoted.size() - 1L).collect(Collectors.joining(", "))
                        + " or "
                        + quoted.get(quoted.size() - 1);
    }

    /** {@code  (did you mean "x"?)} with the nearest known word; empty when none is near. */
    static String didYouMean(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .map(nearest -> " (did you mean " + Quoted.of(nearest) + "?)")
                .orElse("");
    }

    /** Insertions, deletions and replacements of one letter that lead from one to the other. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
