package io.hioload.reactor.internal;

import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.ConnectionHandlerFactory;

/**
 * Decides where the connections of one listening socket go: they stay on the reactor that accepts, or take turns over
 * all of them. The accepting reactor's thread.
 */
final class Acceptor {

    private final EventLoop self;
    private EventLoop[] targets;
    private final AcceptHandler accept;
    private int next;

    /**
     * An acceptor.
     *
     * @param self    the reactor that accepts
     * @param targets the reactors that get connections, in turns; none but {@code self} when they are to stay
     * @param factory makes the handlers, on the reactor where the connection stays
     */
    Acceptor(EventLoop self, EventLoop[] targets, ConnectionHandlerFactory factory) {
        this(self, targets, new AcceptHandler(factory));
    }

    private Acceptor(EventLoop self, EventLoop[] targets, AcceptHandler accept) {
        this.self = self;
        this.targets = targets;
        this.accept = accept;
    }

    /** The reactors that get connections from now on, in turns. */
    void targets(EventLoop[] reactors) {
        targets = reactors;
        next = 0;
    }

    /** One for the same connections on another reactor. */
    Acceptor on(EventLoop other) {
        return new Acceptor(other, new EventLoop[]{other}, accept);
    }

    /** What is to deal with the next connection first. */
    ConnectionHandler next() {
        EventLoop target = targets[next];
        next = next + 1 == targets.length ? 0 : next + 1;
        return target == self ? accept : new HandOut(target, accept);
    }
}
