package io.hioload.reactor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorProvider;
import io.hioload.reactor.ReactorSettings;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import org.osgi.service.component.annotations.Component;

/** Makes groups of event loops. Any thread; keeps nothing. */
@Component
public final class EventLoopProvider implements ReactorProvider {

    /** For DS and the service loader. */
    public EventLoopProvider() {
        // nothing to set up
    }

    @Override
    public ReactorGroup open(ReactorSettings settings, TransportProvider transport, BufferPoolManager memory, Affinity affinity)
            throws TransportException {
        return EventLoopGroup.open(settings, transport, memory, affinity, RestingHandles.DESCRIPTORS);
    }
}
