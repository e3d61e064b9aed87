package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.Opcode;

/**
 * Answers pings. Under backpressure only the latest ping is answered, which RFC 6455, section 5.5.3 allows: its pong waits in a
 * buffer of the session's. The thread of the session's reactor.
 */
final class Pong {

    private Pong() {
    }

    static void answer(WebSocketSession session, Buffer buffer, int offset, int length) {
        EngineState engine = session.engine();
        if (session.connection().isWritable()) {
            engine.local.control(session, Opcode.PONG, buffer.memory(), offset, length);
            return;
        }
        if (session.pendingPong == null) {
            session.pendingPong = engine.reactor.buffers().acquire(1 + CloseReason.MAX_CONTROL_BYTES);
        } else {
            engine.controlDropped.increment(); // the answer to the ping before this one
        }
        Buffer pong = session.pendingPong;
        if (pong == null) {
            engine.controlDropped.increment();
            return;
        }
        pong.memory().putByte(0, (byte) length);
        pong.memory().putBytes(1, buffer.memory(), offset, length);
    }

    /** Sends the one that waits, if there is one. */
    static void sendPending(WebSocketSession session) {
        Buffer pong = session.pendingPong;
        if (pong != null) {
            if ((session.flags & SessionFlags.NOT_SENDING) == 0) {
                session.engine().local.control(session, Opcode.PONG, pong.memory(), 1, pong.memory().getByte(0));
            }
            release(session);
        }
    }

    static void release(WebSocketSession session) {
        if (session.pendingPong != null) {
            session.pendingPong.release();
            session.pendingPong = null;
        }
    }
}
