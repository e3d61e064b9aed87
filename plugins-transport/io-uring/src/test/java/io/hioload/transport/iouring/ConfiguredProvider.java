package io.hioload.transport.iouring;

import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import io.hioload.transport.Availability;
import io.hioload.transport.LoopContext;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;

/** The provider under test with other settings than those of the test kit. */
record ConfiguredProvider(TransportSettings settings) implements TransportProvider {

    private static final IoUringTransportProvider PROVIDER = new IoUringTransportProvider();

    @Override
    public String name() {
        return PROVIDER.name();
    }

    @Override
    public int preference() {
        return PROVIDER.preference();
    }

    @Override
    public long capabilities() {
        return PROVIDER.capabilities();
    }

    @Override
    public String handleKind() {
        return PROVIDER.handleKind();
    }

    @Override
    public Availability availability() {
        return PROVIDER.availability();
    }

    @Override
    public TransportLoop open(LoopContext context) throws TransportException {
        return PROVIDER.open(new Configured(context, settings));
    }

    @Override
    public void discard(long handle) {
        PROVIDER.discard(handle);
    }

    private record Configured(LoopContext context, TransportSettings settings) implements LoopContext {

        @Override
        public TransportEvents events() {
            return context.events();
        }

        @Override
        public BufferPool buffers() {
            return context.buffers();
        }

        @Override
        public int maxConnections() {
            return context.maxConnections();
        }

        @Override
        public Counters counters() {
            return context.counters();
        }
    }
}
