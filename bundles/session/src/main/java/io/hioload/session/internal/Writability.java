package io.hioload.session.internal;

/**
 * Keeps the promise that a handler hears of it when its session can send again. The thread of the session's reactor, except
 * where a method says more; holds nothing, the promise is a flag of the session.
 */
final class Writability {

    private Writability() {
    }

    /** Tells the handler, if that was promised. */
    static void tell(WebSocketSession session) {
        if (session.isWritableOwed()) {
            session.unmark(SessionFlags.WRITABLE_OWED);
            if ((session.flags & SessionFlags.NOT_OPEN) == 0) {
                try {
                    session.handler().onWritable(session);
                } catch (Throwable e) {
                    session.handlerFailed(e);
                }
            }
        }
    }

    /** Has onWritable looked after, for what no event of the connection would bring. Any thread. */
    static void defer(WebSocketSession session) {
        if ((session.mark(SessionFlags.DEFERRED) & SessionFlags.DEFERRED) == 0) {
            session.engine().deferred.add(() -> ReactorTasks.runThere(session, () -> retry(session)));
        }
    }

    private static void retry(WebSocketSession session) {
        session.unmark(SessionFlags.DEFERRED);
        session.engine().remote.settleCount();
        tellIfIdle(session);
    }

    static void tellIfIdle(WebSocketSession session) {
        // Else the connection's own event, or the last message that is on its way, does it.
        if (session.pendingBytes() == 0 && session.connection().isWritable()) {
            tell(session);
        }
    }
}
