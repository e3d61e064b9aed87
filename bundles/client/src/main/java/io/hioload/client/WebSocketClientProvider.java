package io.hioload.client;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes clients on the transports of the OSGi runtime. A service; each bundle gets its own, and the clients that it made
 * with it are closed when it lets go of the service or stops.
 */
@ProviderType
public interface WebSocketClientProvider {

    /**
     * Begins a client.
     *
     * @return a builder with every setting at its default
     */
    ClientBuilder builder();
}
