package org.ikev2d.core.registry;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A row of an IANA table: its number and where it is defined. */
public interface CodePoint {
    /** The number on the wire. */
    int code();

    /** Where the row is defined, as {@code RFC 7296 §3.3.2}. */
    String reference();

    /** The rows of {@code table} by number; two rows of one number are a bug of ours. */
    static <E extends Enum<E> & CodePoint> Map<Integer, E> index(Class<E> table) {
        Map<Integer, E> byCode = new HashMap<>();
        for (E row : table.getEnumConstants()) {
            if (byCode.put(row.code(), row) != null) {
                throw new IllegalStateException(table.getSimpleName() + " has two rows for " + row.code());
            }
        }
        return Map.copyOf(byCode);
    }

    /** The row with number {@code code}, if the table has it. */
    static <E extends Enum<E> & CodePoint> Optional<E> find(Map<Integer, E> index, int code) {
        return Optional.ofNullable(index.get(code));
    }
}
