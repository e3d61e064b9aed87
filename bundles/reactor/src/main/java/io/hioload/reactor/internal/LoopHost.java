package io.hioload.reactor.internal;

import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import io.hioload.transport.LoopContext;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportSettings;

/** What one reactor gives its transport loops to live on, while they are opened and later. The reactor's thread only. */
final class LoopHost implements LoopContext {

    private final EventLoop loop;

    LoopHost(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public TransportEvents events() {
        return loop;
    }

    @Override
    public BufferPool buffers() {
        return loop.buffers();
    }

    @Override
    public int maxConnections() {
        // Slots that were begun under a higher limit must fit.
        return Math.max(loop.settings().present().maxConnections(), loop.connections().capacity());
    }

    @Override
    public Counters counters() {
        return loop.counters();
    }

    @Override
    public TransportSettings settings() {
        return loop.settings().present().transport();
    }
}
