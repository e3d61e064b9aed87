package io.hioload.client;

import java.io.IOException;

/** The server answered, but not with a WebSocket session. */
public final class HandshakeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String body;

    /**
     * Says what came instead.
     *
     * @param message what is wrong with the answer
     * @param status  the HTTP status, 0 if it was not even that
     * @param body    the beginning of the answer's content
     */
    public HandshakeException(String message, int status, String body) {
        super(message + (body.isBlank() ? "" : ": " + body.strip()));
        this.status = status;
        this.body = body;
    }

    /**
     * What the server answered with.
     *
     * @return the HTTP status, 0 if the answer was not HTTP
     */
    public int status() {
        return status;
    }

    /**
     * What the server said about it.
     *
     * @return the beginning of the answer's content as text, may be empty
     */
    public String body() {
        return body;
    }
}
