package org.ikev2d.daemon.config;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param file as it was named by whoever asked
 * @param line 1-based; 0 when the file as a whole is meant
 * @param column 1-based, in characters
 * @param right what would be right
 */
public record Problem(String file, int line, int column, String wrong, String right) {
    /** {@code file:line:column: wrong; right}. */
    @Override
    public String toString() {
        String where = line == 0 ? file : file + ":" + line + ":" + column;
        return where + ": " + wrong + (right.isEmpty() ? "" : "; " + right);
    }
}
