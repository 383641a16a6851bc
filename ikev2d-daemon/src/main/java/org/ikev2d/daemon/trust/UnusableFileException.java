package org.ikev2d.daemon.trust;

/** What a file holds is not what it should. */
public final class UnusableFileException extends Exception {
    private final String right;

    /**
     * @param wrong what is wrong, to stand behind the file's name: {@code holds no certificate}
     * @param right what would be right
     */
    UnusableFileException(String wrong, String right) {
        super(wrong, null, false, false);
        this.right = right;
    }

    public String right() {
        return right;
    }
}
