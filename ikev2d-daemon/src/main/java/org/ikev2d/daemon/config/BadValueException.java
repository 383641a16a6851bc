package org.ikev2d.daemon.config;

/** A value of a configuration file does not say what it should. */
final class BadValueException extends Exception {
    private final String right;

    /**
     * @param wrong what is wrong, to stand behind the key: {@code "30x" is no duration}
     * @param right what would be right
     */
    BadValueException(String wrong, String right) {
        super(wrong, null, false, false);
        this.right = right;
    }

    String right() {
        return right;
    }
}
