package io.hioload.testkit.transport;

import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import io.hioload.transport.LoopContext;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportSettings;

/**
 * What a loop under test is given.
 *
 * @param events         the harness
 * @param buffers        of the loop's thread
 * @param maxConnections at once
 * @param counters       of the loop
 * @param settings       of the transport
 */
record HarnessContext(TransportEvents events, BufferPool buffers, int maxConnections, Counters counters, TransportSettings settings)
        implements
            LoopContext {
}
