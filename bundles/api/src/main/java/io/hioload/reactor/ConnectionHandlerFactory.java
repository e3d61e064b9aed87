package io.hioload.reactor;

import org.osgi.annotation.versioning.ConsumerType;

/** Makes the handlers of accepted connections. */
@ConsumerType
@FunctionalInterface
public interface ConnectionHandlerFactory {

    /**
     * Called on the reactor that accepted.
     *
     * @param connection new; {@link ConnectionHandler#onOpen} follows
     * @return its first handler, or {@code null} to refuse the connection (it is reset and counted)
     */
    ConnectionHandler handler(Connection connection);
}
