package io.hioload.reactor;

import io.hioload.buffer.Buffer;
import io.hioload.transport.CloseMode;
import java.net.SocketAddress;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One connection as its handler sees it. Only for the reactor's thread, except {@link #id}, {@link #reactor},
 * {@link #isOpen} and {@link #unsentBytes}.
 *
 * <p>Two ways to send. Small: {@link #claim} room, write, {@link #commit}; all that is committed in one turn goes out with
 * one system call, or later when what was sent before has not gone out yet. Large or shared: {@link #send} a buffer of one's own. Both keep the order of the calls.
 */
@ProviderType
public interface Connection {

    /**
     * The id, unique in its reactor for as long as 2^31 connections in the same slot. A change of transport leaves it alone; a
     * move to another reactor gives another one.
     *
     * @return generation &lt;&lt; 32 | slot
     */
    long id();

    /**
     * Where it lives. A connection whose handler allows it may move, see {@link ConnectionHandler#mayMove}.
     *
     * @return its present reactor
     */
    Reactor reactor();

    /**
     * Replaces the handler, as an upgrade does. The next event goes to the new one.
     *
     * @param handler not null
     */
    void handler(ConnectionHandler handler);

    /**
     * The present handler.
     *
     * @return the handler
     */
    ConnectionHandler handler();

    /**
     * Finds room for up to so many bytes behind what was committed.
     *
     * @param maxLength bytes, from 1 to the pool's largest buffer
     * @return the buffer to write into, at {@link #claimOffset}; {@code null} when the pool is exhausted or the
     *         connection is not open. Still the connection's: not to be released, and of use only until the next call
     *         here.
     */
    Buffer claim(int maxLength);

    /**
     * Where in the claimed buffer to write.
     *
     * @return offset of the first claimed byte
     */
    int claimOffset();

    /**
     * Sends the first bytes of what was claimed.
     *
     * @param length from 0 to what was claimed
     */
    void commit(int length);

    /**
     * Sends bytes of a buffer.
     *
     * @param buffer holds them; one reference is the connection's when the result is OK
     * @param offset first byte
     * @param length at least 1
     * @return OK, or CLOSED, and then the buffer is still the caller's
     */
    int send(Buffer buffer, int offset, int length);

    /**
     * What was sent but not yet taken by the system. Any thread; on another one than the reactor's, what was committed in
     * the present turn may be missing.
     *
     * @return bytes
     */
    int unsentBytes();

    /**
     * Whether it is wise to send more: false from when the unsent bytes pass the high water mark until they fall to the
     * low one, which {@link ConnectionHandler#onWritable} tells.
     *
     * @return true if writable
     */
    boolean isWritable();

    /**
     * Turns receiving on and off, so that a slow consumer slows its peer down. What is on its way still arrives.
     *
     * @param on whether to receive
     */
    void receiving(boolean on);

    /**
     * Sets the one timeout of this connection; replaces the one before. Coarse: up to a second late.
     *
     * @param delayNs from now, or a negative value for none
     */
    void timeout(long delayNs);

    /**
     * Closes. Nothing more is received; FLUSH sends what was sent before, as long as the peer takes some of it within each
     * of the reactor's linger times, of which there are twelve at the most.
     * {@link ConnectionHandler#onClosed} follows. Closing again is no error.
     *
     * @param how flush or abort
     */
    void close(CloseMode how);

    /**
     * Whether it is neither closed nor closing. Any thread; may be outdated when it returns.
     *
     * @return true if open
     */
    boolean isOpen();

    /**
     * The peer's address. Cold: a system call.
     *
     * @return the address, or {@code null} if the connection is gone
     */
    SocketAddress remoteAddress();
}
