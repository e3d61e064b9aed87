package io.hioload.transport;

/** A loop could not be opened. */
public final class TransportException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message what was tried and what the system answered
     */
    public TransportException(String message) {
        super(message);
    }

    /**
     * Says why.
     *
     * @param message what was tried
     * @param cause   what went wrong
     */
    public TransportException(String message, Throwable cause) {
        super(message, cause);
    }
}
