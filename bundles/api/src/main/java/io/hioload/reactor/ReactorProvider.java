package io.hioload.reactor;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes reactor groups: a service in OSGi, a {@link java.util.ServiceLoader} provider outside. Any thread. */
@ConsumerType
public interface ReactorProvider {

    /**
     * Starts a group: threads run and loops are open when this returns.
     *
     * @param settings  how it runs
     * @param transport what it runs on
     * @param memory    where its buffers come from; closed with the group
     * @param affinity  places its threads
     * @return the running group, to be closed by the caller
     * @throws TransportException if a loop could not be opened; nothing is left behind, and the memory is closed
     */
    ReactorGroup open(ReactorSettings settings, TransportProvider transport, BufferPoolManager memory, Affinity affinity)
            throws TransportException;
}
