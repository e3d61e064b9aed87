package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.transport.CloseMode;

/**
 * Every call from a reactor into a handler goes through here: whatever is thrown is counted, logged once for each
 * connection, and costs that connection only. Errors too: a deep recursion or an exhausted heap in one handler is no
 * reason to drop the others. Entering a try block is free; nothing here is done for each byte or frame.
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

    void closed(ReactorConnection connection, int reason) {
        try {
            connection.handler().onClosed(connection, reason);
        } catch (Throwable t) {
            failed(connection, t);
        }
    }

    private void failed(ReactorConnection connection, Throwable t) {
        count.handlerFailures.increment();
        connection.close(CloseMode.ABORT);
        // An interrupt is nobody's business here, and would close the channels of a Java transport.
        Thread.interrupted();
        if (!connection.has(ReactorConnection.LOGGED)) {
            connection.set(ReactorConnection.LOGGED);
            ConnectionHandler handler = connection.handler();
            LOG.log(System.Logger.Level.WARNING, () -> handler.getClass().getName() + " failed; " + connection + " is reset", t);
        }
    }
}
