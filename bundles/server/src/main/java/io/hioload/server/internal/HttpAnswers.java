package io.hioload.server.internal;

import io.hioload.buffer.Buffer;
import io.hioload.http.HttpResponse;
import io.hioload.protocol.http1.ResponseWriter;
import io.hioload.reactor.Connection;

/**
 * Puts whole HTTP answers onto a connection: the head into its outgoing buffer, the body there too or, when large, in
 * buffers of its own. Reactor thread only. Out of memory nothing half-written stays open: the caller is told to reset.
 */
final class HttpAnswers {

    /** Bodies up to this size go out in one buffer with their head. */
    private static final int INLINE_BYTES = 8 << 10;
    /** A larger body goes out in pieces of this size. */
    private static final int PIECE_BYTES = 64 << 10;

    private HttpAnswers() {
    }

    /**
     * Sends an answer.
     *
     * @param connection where to
     * @param answer     what
     * @param headOnly   the request was HEAD
     * @param keepAlive  whether the connection stays open afterwards
     * @return false if memory ran out; the connection is then of no more use
     * @throws IllegalArgumentException if the answer's status or headers are not valid; nothing was sent
     */
    static boolean send(Connection connection, HttpResponse answer, boolean headOnly, boolean keepAlive) {
        int headLength = ResponseWriter.headLength(answer, keepAlive);
        boolean inline = !headOnly && answer.body().length <= INLINE_BYTES;
        int room = headLength + (inline ? answer.body().length : 0);
        Buffer target = connection.claim(room);
        if (target == null) {
            return false;
        }
        int offset = connection.claimOffset();
        connection.commit(inline ? ResponseWriter.write(answer, keepAlive, target.memory(), offset, room)
                : ResponseWriter.writeHead(answer, keepAlive, target.memory(), offset, room));
        return inline || headOnly || sendBody(connection, answer.body());
    }

    private static boolean sendBody(Connection connection, byte[] body) {
        for (int sent = 0; sent < body.length;) {
            int length = Math.min(PIECE_BYTES, body.length - sent);
            Buffer piece = connection.reactor().buffers().acquire(length);
            if (piece == null) {
                return false;
            }
            piece.memory().putBytes(0, body, sent, length);
            if (connection.send(piece, 0, length) < 0) {
                piece.release();
                return false;
            }
            sent += length;
        }
        return true;
    }
}
