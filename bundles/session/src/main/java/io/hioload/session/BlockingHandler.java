package io.hioload.session;

import io.hioload.session.internal.BlockingSession;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * Lets a handler block: its calls come on virtual threads, one at a time and in order for each session, and the reactor goes
 * on meanwhile. A session has a thread only while it has something to do.
 *
 * <p>Messages are copied into heap memory and wait. When more than {@link #DEFAULT_HIGH_BYTES} or so wait for one session,
 * its receiving is turned off until half of that is done, so what waits is bounded by that and by one receive buffer.
 *
 * <p>The handler may use the session that it is given on any thread, its attributes on the thread of its call. What it throws
 * costs its session only, as with any other handler. Immutable; called by sessions on their reactors.
 */
public final class BlockingHandler implements WebSocketHandler {

    /** Bytes that may wait for one session before its receiving is turned off. */
    public static final int DEFAULT_HIGH_BYTES = 64 << 10;

    private static final Context.Key<BlockingSession> SESSION = new Context.Key<>("blocking session");

    private final WebSocketHandler handler;
    private final int highBytes;

    /**
     * Makes a handler that may block out of one that does.
     *
     * @param handler   is called on virtual threads
     * @param highBytes that may wait for one session before its receiving is turned off, at least 1
     */
    public BlockingHandler(WebSocketHandler handler, int highBytes) {
        this.handler = Objects.requireNonNull(handler, "handler");
        this.highBytes = highBytes;
    }

    /**
     * Whether two handlers are the same to their sessions: the same object, or the same object behind both.
     *
     * @param one   a handler
     * @param other another, or {@code null}
     * @return true if they are
     */
    public static boolean isSame(WebSocketHandler one, WebSocketHandler other) {
        return one == other || one instanceof BlockingHandler first && other instanceof BlockingHandler second
                && first.handler == second.handler;
    }

    @Override
    public void onOpen(Session session) {
        BlockingSession blocking = new BlockingSession(session, handler, highBytes);
        session.context().put(SESSION, blocking);
        blocking.opened();
    }

    @Override
    public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
        session.context().get(SESSION).received(type, buffer, offset, length);
    }

    @Override
    public void onPong(Session session, DirectBuffer buffer, int offset, int length) {
        session.context().get(SESSION).ponged(buffer, offset, length);
    }

    @Override
    public void onWritable(Session session) {
        session.context().get(SESSION).writable();
    }

    @Override
    public void onClose(Session session, int code, String reason) {
        session.context().get(SESSION).closed(code, reason);
    }

    /** The handler that blocks, for the log. */
    @Override
    public String toString() {
        return "BlockingHandler[" + handler + "]";
    }
}
