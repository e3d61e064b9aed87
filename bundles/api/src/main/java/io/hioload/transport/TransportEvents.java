package io.hioload.transport;

import io.hioload.buffer.Buffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a loop reports, on its own thread, from within {@link TransportLoop#poll} or, where said so, from within the call
 * that caused it. The receiver may call the loop from here, also for the connection at hand.
 */
@ProviderType
public interface TransportEvents {

    /**
     * A connection was accepted.
     *
     * @param listener that accepted it
     * @return the connection's id, or a negative status, and then the loop closes it at once
     */
    long onAccept(int listener);

    /**
     * A connect ended. After a failure nothing more comes for this id.
     *
     * @param id     connection
     * @param status OK or REFUSED, TIMED_OUT, UNREACHABLE, NO_RESOURCES, OS_ERROR; LOCAL_CLOSE when it was closed
     *               before it was connected
     */
    void onConnect(long id, int status);

    /**
     * Bytes arrived. They may be changed in place. They are valid until this returns; whoever needs them longer calls
     * {@link Buffer#retain} before. Afterwards the loop looks at {@link Buffer#refs}: while others hold the buffer, it
     * does not write into these bytes again.
     *
     * @param id     connection
     * @param buffer holds the bytes
     * @param offset first byte, relative to the buffer
     * @param length at least 1
     */
    void onReceive(long id, Buffer buffer, int offset, int length);

    /**
     * The peer will send no more (FIN). Comes at most once; sending is still possible. Without a close by this side the
     * connection stays half-open.
     *
     * @param id connection
     */
    void onEndOfInput(long id);

    /**
     * A send that was answered with OK is over and the buffer comes back with its reference. May come from within
     * {@link TransportLoop#send}.
     *
     * @param id     connection
     * @param buffer that was sent
     * @param length how many bytes this send was given, also when only some of them went out
     * @param status OK when the system took all of it; else it did not
     */
    void onSent(long id, Buffer buffer, int length, int status);

    /**
     * While a connection is being detached: bytes that were not sent come back with their reference.
     *
     * @param id     connection
     * @param buffer holds them
     * @param offset first byte that was not sent
     * @param length how many were not sent
     */
    void onUnsent(long id, Buffer buffer, int offset, int length);

    /**
     * A connection is gone; the last event for its id, after every {@link #onSent}. Exactly once for each connection
     * that was accepted, connected or adopted and not detached.
     *
     * @param id     connection
     * @param reason LOCAL_CLOSE after a FLUSH that ended well, END_OF_INPUT, RESET, TIMED_OUT, OS_ERROR …
     */
    void onClosed(long id, int reason);

    /**
     * A connection left this loop; the last event for its id from this loop.
     *
     * @param id     connection
     * @param handle belongs to the receiver now
     */
    void onDetached(long id, long handle);
}
