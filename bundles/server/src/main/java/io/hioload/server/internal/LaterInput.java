package io.hioload.server.internal;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.transport.CloseMode;
import java.util.ArrayDeque;

/**
 * What a connection has received and is to be looked at in a later turn, in its order. Reactor thread only. Holds a
 * reference of each buffer until it is delivered or given up; not there for a connection that asks for one thing at a time.
 */
final class LaterInput {

    private record Piece(Buffer buffer, int offset, int length) {
    }

    private final ArrayDeque<Piece> pieces = new ArrayDeque<>(2);

    void add(Buffer buffer, int offset, int length) {
        pieces.add(new Piece(buffer.retain(), offset, length));
    }

    /** Gives everything to the connection's handler, which may become another one on the way, as long as it is open. */
    void deliver(Connection connection) {
        try {
            while (!pieces.isEmpty() && connection.isOpen()) {
                Piece piece = pieces.remove();
                try {
                    connection.handler().onReceive(connection, piece.buffer, piece.offset, piece.length);
                } finally {
                    piece.buffer.release();
                }
            }
        } catch (Throwable e) {
            // As a reactor does it with what a handler throws.
            connection.close(CloseMode.ABORT);
            throw e;
        } finally {
            discard();
        }
    }

    void discard() {
        while (!pieces.isEmpty()) {
            pieces.remove().buffer.release();
        }
    }
}
