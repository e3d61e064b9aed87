package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.transport.CloseMode;

/**
 * Every call from a reactor into a handler goes through here: whatever is thrown is counted, logged at the 1st, 2nd, 4th
 * … of them, and costs that connection only. Errors too: a deep recursion or an exhausted heap in one handler is no
 * reason to drop the others. Nothing here throws. Entering a try block is free; nothing here is done for each byte or
 * frame. The reactor's thread.
 */
final class HandlerGuard {

    private static final System.Logger LOG = System.getLogger(HandlerGuard.class.getName());

    private final LoopCounters count;

    HandlerGuard(LoopCounters count) {
        this.count = count;
    }

    void open(ReactorConnection connection) {
        try {
            connection.handler().onOpen(connection);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    void connectFailed(ReactorConnection connection, int status) {
        try {
            connection.handler().onConnectFailed(status);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    void receive(ReactorConnection connection, Buffer buffer, int offset, int length) {
        try {
            connection.handler().onReceive(connection, buffer, offset, length);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    void endOfInput(ReactorConnection connection) {
        try {
            connection.handler().onEndOfInput(connection);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    void writable(ReactorConnection connection) {
        try {
            connection.handler().onWritable(connection);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    void timeout(ReactorConnection connection) {
        try {
            connection.handler().onTimeout(connection);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    void transportGoing(ReactorConnection connection) {
        try {
            connection.handler().onTransportGoing(connection);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    boolean mayMove(ReactorConnection connection, EventLoop to) {
        try {
            return connection.handler().mayMove(connection, to);
        } catch (Throwable t) {
            failed(connection, t);
            return false;
        }
    }

    void moved(ReactorConnection connection) {
        try {
            connection.handler().onMoved(connection);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    void closed(ReactorConnection connection, int reason) {
        try {
            connection.handler().onClosed(connection, reason);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    private void failed(ReactorConnection connection, Throwable t) {
        count.handlerFailures.increment();
        reset(connection);
        // An interrupt is nobody's business here, and would close the channels of a Java transport.
        Thread.interrupted();
        ConnectionHandler handler = connection.handler();
        FailureLog.log(LOG, System.Logger.Level.WARNING, count.handlerFailures.get(),
                () -> handler.getClass().getName() + " failed; " + connection + " is reset", t);
    }

    /** What the reactor or the transport did for one connection failed, not its handler: that too costs only the one. */
    void loopFailed(ReactorConnection connection, Throwable t) {
        count.loopFailures.increment();
        FailureLog.log(LOG, System.Logger.Level.ERROR, count.loopFailures.get(),
                () -> "failure outside of a handler; " + connection + " is reset", t);
        reset(connection);
    }

    private void reset(ReactorConnection connection) {
        try {
            connection.close(CloseMode.ABORT);
        } catch (Throwable t) {
            count.loopFailures.increment();
            FailureLog.log(LOG, System.Logger.Level.ERROR, count.loopFailures.get(), () -> connection + " cannot be reset", t);
        }
    }
}
