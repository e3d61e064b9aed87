package io.hioload.buffer;

import org.osgi.annotation.versioning.ConsumerType;

/** Makes pool managers: a service in OSGi, a {@link java.util.ServiceLoader} provider outside. Any thread. */
@ConsumerType
public interface BufferPoolProvider {

    /**
     * Opens a manager of its own memory. Nothing is mapped before the first acquire.
     *
     * @param settings ceiling and slabs
     * @return the manager, to be closed by the caller
     */
    BufferPoolManager open(PoolSettings settings);
}
