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
     * Checks what a handler answered.
     *
     * @throws IllegalArgumentException if it is no whole answer or its status or headers are not valid
     */
    static void check(HttpResponse answer) {
        if (answer == null) {
            throw new IllegalArgumentException("answered null");
        }
        if (answer.status() < 200) {
            throw new IllegalArgumentException("answered with status " + answer.status() + "; allowed is from 200 to 599");
        }
        if (answer.headers() == null || answer.body() == null) {
            throw new IllegalArgumentException(
                    "answered without " + (answer.body() == null ? "body" : "headers") + "; empty ones are allowed");
        }
        ResponseWriter.headLength(answer, true);
    }

    /**
     * Sends an answer; its body only where there may be one (RFC 9110, section 6.4.1): what follows the head else would be
     * taken for the next answer.
     *
     * @param connection where to
     * @param answer     what
     * @param headOnly   the request was HEAD
     * @param keepAlive  whether the connection stays open afterwards
     * @return false if memory ran out; the connection is then of no more use
     */
    static boolean send(Connection connection, HttpResponse answer, boolean headOnly, boolean keepAlive) {
        boolean bodyless = headOnly || answer.status() == 204 || answer.status() == 304;
        int headLength = ResponseWriter.headLength(answer, keepAlive);
        boolean inline = !bodyless && answer.body().length <= INLINE_BYTES;
        int room = headLength + (inline ? answer.body().length : 0);
        Buffer target = connection.claim(room);
        if (target == null) {
            return false;
        }
        int offset = connection.claimOffset();
        connection.commit(inline ? ResponseWriter.write(answer, keepAlive, target.memory(), offset, room)
                : ResponseWriter.writeHead(answer, keepAlive, target.memory(), offset, room));
        return inline || bodyless || sendBody(connection, answer.body());
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
