package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.websocket.SendListener;
import io.hioload.websocket.SendStatus;

/**
 * Finds out that a message has been sent by the return of its last buffer: a handle over the pool's buffer, whose home is this.
 * Owns the pool's buffer until then. The reactor's thread.
 */
final class SentWatch implements Buffer.Home, Runnable {

    private final WebSocketSession session;
    private final SendListener listener;
    private Buffer watched;
    private SendStatus status;
    private boolean ignored;

    SentWatch(WebSocketSession session, SendListener listener) {
        this.session = session;
        this.listener = listener;
    }

    /** A handle of the same bytes, with one reference; takes over the buffer. */
    Buffer over(Buffer buffer) {
        watched = buffer;
        Buffer handle = new Buffer(this, buffer.address(), buffer.capacity(), buffer.index());
        handle.open();
        return handle;
    }

    /** Nobody is told: the message was not taken after all. */
    void ignore() {
        ignored = true;
    }

    @Override
    public void recycle(Buffer handle) {
        watched.release();
        if (ignored) {
            return;
        }
        status = session.connection().isOpen() ? SendStatus.ACCEPTED : SendStatus.CLOSED;
        // It may be in the midst of a send, or of what a transport does.
        session.engine().reactor.atTurnEnd(this);
    }

    @Override
    public void run() {
        try {
            listener.onDone(session, status);
        } catch (Throwable e) {
            session.handlerFailed(e);
        }
    }
}
