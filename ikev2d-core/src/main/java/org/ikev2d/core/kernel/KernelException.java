package org.ikev2d.core.kernel;

/** The kernel refused. */
public final class KernelException extends Exception {
    private final String operation;
    private final int errno;

    /**
     * @param operation what was asked, with its object: {@code NEWSA 0xc0000001 to 192.0.2.1}
     * @param errno positive; 0 where the failure has none
     * @param reason the kernel's own text where it gave one, else the errno's
     */
    public KernelException(String operation, int errno, String reason) {
        super(operation + ": " + reason, null, false, true);
        this.operation = operation;
        this.errno = errno;
    }

    public String operation() {
        return operation;
    }

    public int errno() {
        return errno;
    }
}
