package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.transport.CloseMode;

/**
 * The handler of an accepted connection until it is opened on the reactor where it stays: then the factory is asked for
 * the real one. One for each listening socket, shared by all its connections; reactor threads.
 */
final class AcceptHandler implements ConnectionHandler {

    private final ConnectionHandlerFactory factory;

    AcceptHandler(ConnectionHandlerFactory factory) {
        this.factory = factory;
    }

    @Override
    public void onOpen(Connection connection) {
        ConnectionHandler handler = factory.handler(connection);
        if (handler == null) {
            ((ReactorConnection) connection).loop().count().refused.increment();
            connection.close(CloseMode.ABORT);
            return;
        }
        connection.handler(handler);
        handler.onOpen(connection);
    }

    @Override
    public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
        // Only after a refusal or a failed factory, and then it is closing.
    }

    @Override
    public void onClosed(Connection connection, int reason) {
        // Nobody has heard of this connection.
    }
}
