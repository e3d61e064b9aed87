package io.hioload.session;

import io.hioload.buffer.BufferPool;
import io.hioload.control.DebugProbe;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.reactor.Reactor;
import io.hioload.session.internal.TopicHub;
import io.hioload.websocket.Topics;

/**
 * The topics of one server, shared by its engines. Any thread. Owns the last values of topics, pool buffers, until it is closed.
 */
public final class SessionTopics implements AutoCloseable {

    private final TopicHub hub;

    /**
     * Makes topics without subscribers.
     *
     * @param codec    of the sessions
     * @param shared   memory for what is published; for all threads
     * @param settings what they may cost
     */
    public SessionTopics(FrameCodecProvider codec, BufferPool shared, TopicSettings settings) {
        hub = new TopicHub(codec, shared, settings);
    }

    TopicHub hub() {
        return hub;
    }

    /**
     * What the application publishes by.
     *
     * @return always the same
     */
    public Topics topics() {
        return hub;
    }

    /**
     * Changes what they may cost; what is there stays.
     *
     * @param settings from now on
     */
    public void settings(TopicSettings settings) {
        hub.settings(settings);
    }

    /**
     * Shows numbers to a person: published, refused (no memory, or too many last values), rejected (a reactor's queue was full),
     * subscriptions, subscriptions.refused, retained.
     *
     * @return the probe {@code topics}
     */
    public DebugProbe probe() {
        return hub;
    }

    /**
     * Forgets a reactor.
     *
     * @param reactor has ended
     */
    public void ended(Reactor reactor) {
        hub.ended(reactor);
    }

    /** Gives last values back, before the reactors end, whose tasks do it; publishing answers CLOSED from then on. */
    @Override
    public void close() {
        hub.close();
    }
}
