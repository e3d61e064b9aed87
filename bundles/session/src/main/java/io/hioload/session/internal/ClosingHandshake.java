package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.session.SlowConsumer;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Utf8;
import java.util.concurrent.RejectedExecutionException;

/**
 * A close handshake that this side has begun, and how sessions close and end (RFC 6455, section 7). The thread of the session's
 * reactor, except where a method says more. Made once in the life of a session, and only if this side begins.
 *
 * @param code   that was sent
 * @param reason that was sent
 */
record ClosingHandshake(int code, String reason) {

    /** Begins it on the session's reactor. Any thread. */
    static void ask(WebSocketSession session, int code, String reason) {
        if (session.isHere()) {
            begin(session, code, reason);
        } else if ((session.mark(SessionFlags.CLOSE_ASKED) & SessionFlags.NOT_OPEN) == 0) {
            Runnable task = () -> begin(session, code, reason);
            try {
                session.execute(task);
            } catch (RejectedExecutionException e) {
                session.engine().deferred.add(() -> ReactorTasks.runThere(session, task));
            }
        }
    }

    /** Our part of the close handshake. Does nothing if either side has begun already. */
    static void begin(WebSocketSession session, int code, String reason) {
        if ((session.flags & SessionFlags.NOT_SENDING) != 0) {
            return;
        }
        session.closing = new ClosingHandshake(code, reason);
        boolean sent = sendClose(session, code, reason);
        long timeoutNs = session.engine().settings().closeTimeoutNs();
        if (sent && timeoutNs > 0) {
            session.connection().timeout(timeoutNs);
        } else {
            session.mark(SessionFlags.CUT_SHORT | SessionFlags.INPUT_OVER);
            session.connection().close(CloseMode.FLUSH);
        }
    }

    private static boolean sendClose(WebSocketSession session, int code, String reason) {
        session.mark(SessionFlags.CLOSE_SENT);
        session.receiving(true);
        EngineState engine = session.engine();
        int length = CloseReason.write(code, reason, engine.control);
        return engine.local.control(session, Opcode.CLOSE, engine.control, 0, length);
    }

    /** What happens when its unsent bytes are at their limit; always true. Any thread. */
    static boolean isTooSlow(WebSocketSession session) {
        if (session.engine().settings().slowConsumer() == SlowConsumer.CLOSE && session.isOpen()) {
            if (session.isHere()) {
                closeSlow(session);
            } else if ((session.mark(SessionFlags.CLOSE_ASKED) & SessionFlags.NOT_OPEN) == 0
                    && !ReactorTasks.given(session, () -> closeSlow(session))) {
                session.engine().deferred.add(() -> ReactorTasks.runThere(session, () -> closeSlow(session)));
            }
        }
        return true;
    }

    private static void closeSlow(WebSocketSession session) {
        session.engine().slowClosed.increment();
        begin(session, CloseCode.POLICY_VIOLATION, "too slow");
    }

    /** The peer's close frame. */
    static void received(WebSocketSession session, int code, Buffer buffer, int offset, int length) {
        String reason = length == 0 ? "" : Utf8.toString(buffer.memory(), offset, length);
        answer(session, code == CloseCode.NO_STATUS ? CloseCode.NORMAL : code, "");
        end(session, code, reason);
    }

    /** The peer broke the protocol. */
    static void violated(WebSocketSession session, int code, String reason) {
        session.engine().countViolation(code);
        answer(session, code, reason);
        end(session, code, reason);
    }

    private static void answer(WebSocketSession session, int code, String reason) {
        session.mark(SessionFlags.INPUT_OVER);
        if ((session.flags & SessionFlags.CLOSE_SENT) == 0) {
            sendClose(session, code, reason);
        }
        endConnection(session);
    }

    /** The server ends the connection first (RFC 6455, section 7.1.1); a client waits for that, and discards what still comes. */
    private static void endConnection(WebSocketSession session) {
        EngineState engine = session.engine();
        long timeoutNs = engine.settings().closeTimeoutNs();
        if (engine.role == Role.CLIENT && timeoutNs > 0) {
            session.connection().timeout(timeoutNs);
        } else {
            session.connection().close(CloseMode.FLUSH);
        }
    }

    static void inputEnded(WebSocketSession session) {
        session.connection().close(CloseMode.FLUSH);
        if ((session.flags & SessionFlags.CUT_SHORT) == 0) {
            end(session, CloseCode.ABNORMAL, Status.text(Status.END_OF_INPUT));
        }
    }

    static void connectionClosed(WebSocketSession session, int status) {
        if ((session.flags & SessionFlags.CUT_SHORT) != 0) {
            end(session, session.closing.code, session.closing.reason);
        } else {
            end(session, CloseCode.ABNORMAL, Status.text(status));
        }
    }

    /** The session has sent its close frame, or ended, and nothing came in time. */
    static void timedOut(WebSocketSession session) {
        Connection connection = session.connection();
        if ((session.flags & SessionFlags.ENDED) != 0) {
            // The client side, waiting for the server to close the connection (RFC 6455, section 7.1.1).
            connection.close(CloseMode.FLUSH);
        } else {
            session.engine().closeTimeouts.increment();
            connection.close(CloseMode.FLUSH);
            end(session, session.closing.code, session.closing.reason);
        }
    }

    private static void end(WebSocketSession session, int code, String reason) {
        if ((session.mark(SessionFlags.INPUT_OVER | SessionFlags.ENDED) & SessionFlags.ENDED) != 0) {
            return;
        }
        Pong.release(session);
        session.discardPartial();
        ExtendedReceiver.closeAgreed(session);
        Subscriber subscriber = Subscriber.of(session);
        if (subscriber != null) {
            subscriber.end();
        }
        PieceSender.end(session);
        try {
            session.handler().onClose(session, code, reason);
        } catch (Throwable e) {
            session.engine().handlerFailed(session.handler(), session.id(), e);
        }
        session.engine().sessionEnded(session.id(), code, reason);
    }
}
