package io.hioload.transport;

import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import org.osgi.annotation.versioning.ProviderType;

/** What the core gives a loop to live on. Valid as long as the loop is open. */
@ProviderType
public interface LoopContext {

    /**
     * Where completions go.
     *
     * @return always the same object
     */
    TransportEvents events();

    /**
     * Memory, confined to the loop's thread.
     *
     * @return always the same pool
     */
    BufferPool buffers();

    /**
     * The most connections there will be at once. Slots are dense from 0: tables start small and double, never past
     * this.
     *
     * @return connections
     */
    int maxConnections();

    /**
     * Counters of the loop's thread; the loop makes its own under its transport's name.
     *
     * @return always the same object
     */
    Counters counters();

    /**
     * What the loop is tuned by.
     *
     * @return settings
     */
    TransportSettings settings();
}
