package io.hioload.reactor;

import io.hioload.buffer.Buffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a connection's bytes go to: a protocol. All calls come on the connection's reactor thread and must not block. An
 * exception from any of them is counted and logged, and resets this connection only.
 */
@ConsumerType
public interface ConnectionHandler {

    /**
     * The connection is open: accepted, or connected. Not called for a handler that replaces another one.
     *
     * @param connection the connection
     */
    default void onOpen(Connection connection) {
    }

    /**
     * A {@link Reactor#connect} failed; no other call follows.
     *
     * @param status a {@link io.hioload.transport.Status}
     */
    default void onConnectFailed(int status) {
    }

    /**
     * Bytes arrived. They may be changed in place and are valid until this returns, unless the buffer is retained.
     * Everything is consumed: what is an unfinished piece, the handler keeps itself.
     *
     * @param connection the connection
     * @param buffer     holds the bytes
     * @param offset     first byte, relative to the buffer
     * @param length     at least 1
     */
    void onReceive(Connection connection, Buffer buffer, int offset, int length);

    /**
     * The peer will send no more. The default closes after what is queued has gone out.
     *
     * @param connection the connection
     */
    default void onEndOfInput(Connection connection) {
        connection.close(io.hioload.transport.CloseMode.FLUSH);
    }

    /**
     * The unsent bytes fell to the low water mark after {@link Connection#isWritable} had become false.
     *
     * @param connection the connection
     */
    default void onWritable(Connection connection) {
    }

    /**
     * The time that was set with {@link Connection#timeout} is over. The default resets the connection.
     *
     * @param connection the connection
     */
    default void onTimeout(Connection connection) {
        connection.close(io.hioload.transport.CloseMode.ABORT);
    }

    /**
     * The transport below, or the reactor, goes, and the connection could not go over in the time that the policy gives: it
     * is to end in an orderly way, soon, before it is reset. The default closes after what is queued has gone out.
     *
     * @param connection the connection
     */
    default void onTransportGoing(Connection connection) {
        connection.close(io.hioload.transport.CloseMode.FLUSH);
    }

    /**
     * Asks whether the connection may move to another reactor now. Who says yes holds nothing that belongs to the present
     * reactor, or changes it in {@link #onMoved}; timers and tasks of that reactor do not move. After a no it may be asked
     * again, at most once a turn. Whatever the answer was, {@link #onMoved} follows, unless the connection ends before.
     *
     * @param connection on its present reactor
     * @param to         the other one
     * @return whether it may; the default is false
     */
    default boolean mayMove(Connection connection, Reactor to) {
        return false;
    }

    /**
     * The connection is where it is to stay, {@link Connection#reactor} and {@link Connection#id} say where: the first call
     * on that reactor's thread. Also when, after {@link #mayMove} was asked, it was not moved after all.
     *
     * @param connection the connection
     */
    default void onMoved(Connection connection) {
    }

    /**
     * The connection is gone. Exactly once for each handler that was the connection's handler at its end, and last.
     *
     * @param connection the connection; only {@link Connection#id} and {@link Connection#reactor} are of use
     * @param reason     a {@link io.hioload.transport.Status}
     */
    void onClosed(Connection connection, int reason);
}
