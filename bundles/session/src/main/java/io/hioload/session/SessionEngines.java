package io.hioload.session;

import io.hioload.reactor.Reactor;

/**
 * The engines of one server or client by reactor, so that a session that moves to another reactor finds the engine there. Any
 * thread may ask.
 */
@FunctionalInterface
public interface SessionEngines {

    /**
     * The engine of a reactor, made if need be.
     *
     * @param reactor of the same group
     * @return its engine; {@code null} if sessions cannot move there
     */
    SessionEngine engine(Reactor reactor);
}
