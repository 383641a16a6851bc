package org.ikev2d.daemon.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a configuration file, read key by key. What is wrong goes to {@link Problems}, and reading goes on with
 * the fallback. A key that nobody asked for by the time of {@link #finish} is unknown.
 */
final class Section {
    /** TOML 1.0, "Keys": those that need no quotation marks. */
    private static final Pattern BARE_KEY = Pattern.compile("[A-Za-z0-9_-]+");

    private final String name;
    private final TomlTable table;
    private final TomlPosition position;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param name as its header has it: {@code tunnel.b} */
    Section(String name, TomlTable table, TomlPosition position, Problems problems) {
        this.name = name;
        this.table = table;
        this.position = position;
        this.problems = problems;
    }

    /** A text of the file, and where it stands. */
    record Located(String text, TomlPosition position) {}

    /** Turns a text into what it means. */
    @FunctionalInterface
    interface Meaning<T> {
        T of(String text) throws BadValueException;
    }

    /** Where the table begins. */
    TomlPosition position() {
        return position;
    }

    /** Where {@code key} stands, or the table begins when it has no such key. */
    TomlPosition positionOf(String key) {
        return has(key) ? table.inputPositionOf(List.of(key)) : position;
    }

    boolean has(String key) {
        return table.contains(List.of(key));
    }

    void wrong(String key, String wrong, String right) {
        problems.add(positionOf(key), key + " " + wrong, right);
    }

    /** Says what is wrong with the table's own name. */
    void wrongHere(String wrong, String right) {
        problems.add(position, wrong, right);
    }

    void wrongAt(Located text, String wrong, String right) {
        problems.add(text.position(), wrong, right);
    }

    /** Complains when {@code key} is not there at all. */
    void require(String key, String example) {
        known.add(key);
        if (!has(key) && !problems.isPartial()) {
            problems.add(position, "[" + name + "] has no " + key, "add a line such as " + example);
        }
    }

    Optional<String> text(String key, String example) {
        Optional<Object> raw = raw(key);
        if (raw.isPresent() && !(raw.get() instanceof String)) {
            wrong(key, "is " + kind(raw.get()) + ", not a string", "write " + key + " = \"" + example + "\"");
            return Optional.empty();
        }
        return raw.map(String.class::cast);
    }

    /** The text of {@code key} as {@code meaning} understands it; empty when it is not there or means nothing. */
    <T> Optional<T> meaning(String key, String example, Meaning<T> meaning) {
        Optional<String> text = text(key, example);
        return text.flatMap(value -> understood(key, new Located(value, positionOf(key)), meaning));
    }

    /** {@code text}, which stands at or in the value of {@code key}, as {@code meaning} understands it. */
    <T> Optional<T> understood(String key, Located text, Meaning<T> meaning) {
        try {
            return Optional.of(meaning.of(text.text()));
        } catch (BadValueException e) {
            problems.add(text.position(), key + ": " + e.getMessage(), e.right());
            return Optional.empty();
        }
    }

    /** One of the words of {@code words}, or {@code fallback}. */
    <T> T word(String key, Map<String, T> words, T fallback) {
        String list = Words.alternatives(words.keySet());
        Optional<T> meant = meaning(key, words.keySet().iterator().next(), text -> {
            T value = words.get(text);
            if (value == null) {
                throw new BadValueException(
                        Quoted.of(text) + " is unknown" + Words.didYouMean(text, words.keySet()), "write " + list);
            }
            return value;
        });
        return meant.orElse(fallback);
    }

    int integer(String key, int least, int most, int fallback) {
        Optional<Object> raw = raw(key);
        if (raw.isEmpty()) {
            return fallback;
        }
        if (raw.get() instanceof Long value && value >= least && value <= most) {
            return value.intValue();
        }
        String wrong = raw.get() instanceof Long value ? "= " + value + " is out of range" : "is " + kind(raw.get());
        wrong(key, wrong, "write an integer from " + least + " to " + most);
        return fallback;
    }

    /** An integer, or 0, which switches off what is counted; 0 when it is not there. */
    long countOrOff(String key, long least, long most) {
        Optional<Object> raw = raw(key);
        if (raw.isEmpty()) {
            return 0;
        }
        if (raw.get() instanceof Long value && (value == 0 || (value >= least && value <= most))) {
            return value;
        }
        String wrong = raw.get() instanceof Long value ? "= " + value + " is out of range" : "is " + kind(raw.get());
        wrong(key, wrong, "write 0, or an integer from " + least + " to " + most);
        return 0;
    }

    double number(String key, double least, double most, double fallback) {
        Optional<Object> raw = raw(key);
        if (raw.isEmpty()) {
            return fallback;
        }
        if (raw.get() instanceof Number value && value.doubleValue() >= least && value.doubleValue() <= most) {
            return value.doubleValue();
        }
        String wrong = raw.get() instanceof Number value ? "= " + value + " is out of range" : "is " + kind(raw.get());
        wrong(key, wrong, "write a number from " + least + " to " + most);
        return fallback;
    }

    /** A string such as {@code "30s"}, or an integer of seconds. */
    Duration duration(String key, Duration least, Duration most, Duration fallback) {
        Optional<Object> raw = raw(key);
        Optional<Duration> value = raw.filter(Long.class::isInstance).isPresent()
                ? understood(key, new Located(raw.get().toString(), positionOf(key)), Durations::parse)
                : meaning(key, Durations.text(fallback), Durations::parse);
        if (value.isEmpty()) {
            return fallback;
        }
        if (value.get().compareTo(least) < 0 || value.get().compareTo(most) > 0) {
            wrong(
                    key,
                    "= " + Durations.text(value.get()) + " is out of range",
                    "write a time from " + Durations.text(least) + " to " + Durations.text(most));
            return fallback;
        }
        return value.get();
    }

    /** As {@link #duration}, or zero, which switches off what the time is for. */
    Duration durationOrOff(String key, Duration least, Duration most, Duration fallback) {
        boolean off =
                raw(key).filter(value -> value.equals(0L) || value.equals("0")).isPresent();
        return off ? Duration.ZERO : duration(key, least, most, fallback);
    }

    /** The strings of an array; empty when the key is not there or is no array of strings. */
    List<Located> texts(String key, String example) {
        Optional<Object> raw = raw(key);
        if (raw.isEmpty()) {
            return List.of();
        }
        String right = "write " + key + " = [\"" + example + "\"]";
        if (!(raw.get() instanceof TomlArray array)) {
            wrong(key, "is " + kind(raw.get()) + ", not an array of strings", right);
            return List.of();
        }
        if (array.isEmpty()) {
            wrong(key, "is empty", right);
        }
        List<Located> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i) instanceof String text) {
                texts.add(new Located(text, array.inputPositionOf(i)));
            } else {
                problems.add(array.inputPositionOf(i), key + " holds " + kind(array.get(i)) + ", not a string", right);
            }
        }
        return texts;
    }

    /** The table of the name {@code key} within this one. */
    Optional<Section> section(String key) {
        Optional<Object> raw = raw(key);
        if (raw.isPresent() && !(raw.get() instanceof TomlTable)) {
            wrong(key, "is " + kind(raw.get()) + ", not a table", "write a header [" + inner(key) + "]");
            return Optional.empty();
        }
        return raw.map(inside -> new Section(inner(key), (TomlTable) inside, positionOf(key), problems));
    }

    /** An empty table, in place of one that is not there. */
    Section none(String key) {
        return new Section(inner(key), Toml.parse(""), position, problems);
    }

    /** The names of all keys, known or not. */
    Set<String> keys() {
        return table.keySet();
    }

    /** The value of {@code key} as the parser has it; the key counts as known. */
    Optional<Object> raw(String key) {
        known.add(key);
        return Optional.ofNullable(table.get(List.of(key)));
    }

    /** Complains of every key that was not asked for. */
    void finish() {
        for (String key : table.keySet()) {
            if (!known.contains(key)) {
                String where = name.isEmpty() ? "" : " in [" + name + "]";
                problems.add(
                        positionOf(key),
                        "unknown key " + Quoted.of(key) + where + Words.didYouMean(key, known),
                        "known are " + String.join(", ", known));
            }
        }
    }

    private String inner(String key) {
        String written = BARE_KEY.matcher(key).matches() ? key : Quoted.of(key);
        return name.isEmpty() ? written : name + "." + written;
    }

    static String kind(Object value) {
        if (value instanceof String) {
            return "a string";
        }
        if (value instanceof Long) {
            return "an integer";
        }
        if (value instanceof Double) {
            return "a decimal number";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        if (value instanceof TomlArray) {
            return "an array";
        }
        return value instanceof TomlTable ? "a table" : "a date or time";
    }
}
