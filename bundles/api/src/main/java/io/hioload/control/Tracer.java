package io.hioload.control;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Told about what happens to connections, never about single messages. Whoever registers one as a service, or gives it
 * to a builder, is called on the connection's reactor thread and must not block. The server's own writes Java Flight
 * Recorder events.
 */
@ConsumerType
public interface Tracer {

    /**
     * Whether {@link #sessionOpened} is of use at this moment. When no tracer says so it is not called, and the peer's
     * address, which costs a system call for each session, is not asked for.
     *
     * @return true unless overridden
     */
    default boolean wantsSessionOpened() {
        return true;
    }

    /**
     * A WebSocket session opened.
     *
     * @param id     of the connection
     * @param path   that was asked for
     * @param remote address of the peer
     */
    default void sessionOpened(long id, String path, String remote) {
    }

    /**
     * A WebSocket session ended; comes once for each one that opened.
     *
     * @param id     of the connection
     * @param code   the close code (RFC 6455, section 7.4), 1006 without a close frame
     * @param reason text of the close frame, or what went wrong
     */
    default void sessionClosed(long id, int code, String reason) {
    }

    /**
     * A request did not become a session.
     *
     * @param id     of the connection
     * @param status the HTTP status that was answered
     * @param reason why
     */
    default void requestRefused(long id, int status, String reason) {
    }

    /**
     * A handler threw: its session is being closed with 1011, its request was answered with 500.
     *
     * @param id      of the connection
     * @param failure what it threw
     */
    default void handlerFailed(long id, Throwable failure) {
    }
}
