package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.transport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * One accepted connection on its way from the reactor that accepted it to the reactor that will have it: detached there,
 * adopted here. Belongs to the first reactor's thread until it is given to the second one as a task. What arrives
 * meanwhile is kept, in the buffers it came in, and delivered before anything else.
 */
final class HandOut implements ConnectionHandler, Runnable {

    private static final int FIRST_PIECES = 2;

    private EventLoop target;
    private EventLoop accepted;
    private final AcceptHandler accept;
    private DetachedHandle handle;
    private List<Piece> early;
    private boolean ended;

    private record Piece(Buffer buffer, int offset, int length) {
    }

    HandOut(EventLoop target, AcceptHandler accept) {
        this.target = target;
        this.accept = accept;
    }

    /**
     * Keeps what has arrived for a new connection that is to be handed out; it leaves when the turn ends.
     *
     * @return true if it is one
     */
    static boolean keeps(ReactorConnection connection, Buffer buffer, int offset, int length) {
        if (connection.has(ReactorConnection.NEW) && connection.handler() instanceof HandOut handOut) {
            handOut.onReceive(connection, buffer, offset, length);
            return true;
        }
        return false;
    }

    @Override
    public void onOpen(Connection connection) {
        int status = ((ReactorConnection) connection).transport().detach(connection.id());
        if (status != Status.OK && status != Status.CLOSED) {
            connection.handler(accept);
            accept.onOpen(connection);
        }
    }

    @Override
    public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
        if (early == null) {
            early = new ArrayList<>(FIRST_PIECES);
        }
        early.add(new Piece(buffer.retain(), offset, length));
    }

    @Override
    public void onEndOfInput(Connection connection) {
        ended = true;
    }

    @Override
    public void onClosed(Connection connection, int reason) {
        releaseEarly();
    }

    /** On the first reactor: the connection has left it. */
    void detached(EventLoop source, DetachedHandle detachedHandle) {
        handle = detachedHandle;
        accepted = source;
        try {
            target.execute(this);
            source.count().handedOut.increment();
        } catch (RejectedExecutionException e) {
            target = source;
            run();
        }
    }

    /** On the second reactor. */
    @Override
    public void run() {
        ReactorConnection connection = target.connections().adopt(handle, accept);
        if (connection == null) {
            refused();
            return;
        }
        if (early != null) {
            for (Piece piece : early) {
                target.receive(connection, piece.buffer, piece.offset, piece.length);
            }
            releaseEarly();
        }
        if (ended) {
            target.onEndOfInput(connection.id());
        }
    }

    /** The other reactor may be one that ends: then the first one has it after all. */
    private void refused() {
        if (target != accepted) {
            EventLoop other = target;
            target = accepted;
            try {
                accepted.execute(this);
                return;
            } catch (RejectedExecutionException e) {
                target = other;
            }
        }
        target.count().refused.increment();
        dispose(target);
    }

    /** Any thread: nobody will have this connection. */
    private void dispose(EventLoop loop) {
        releaseEarly();
        loop.connections().discard(handle);
    }

    private void releaseEarly() {
        if (early != null) {
            early.forEach(piece -> piece.buffer.release());
            early = null;
        }
    }
}
