package io.hioload.reactor;

import org.osgi.annotation.versioning.ConsumerType;

/** A connection's handler that has a connection of its own above it. */
@ConsumerType
public interface StagedHandler extends ConnectionHandler {

    /**
     * What {@link Reactor#forEachConnection} shows in place of the connection below.
     *
     * @return the connection that the handler above knows; {@code null} as long as there is no such handler
     */
    Connection top();
}
