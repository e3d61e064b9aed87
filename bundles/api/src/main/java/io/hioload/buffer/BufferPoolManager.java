package io.hioload.buffer;

import io.hioload.control.DebugProbe;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The memory of one server or client: slabs for each NUMA node under one ceiling. Any thread may call it.
 */
@ProviderType
public interface BufferPoolManager extends DebugProbe, AutoCloseable {

    /**
     * The pool of a node for all threads.
     *
     * @param node NUMA node, 0 on machines without
     * @return always the same pool for the same node
     */
    BufferPool shared(int node);

    /**
     * A new cache over the node's slabs that the calling thread, and only it, acquires from. What it holds goes back
     * to the manager when the manager is closed.
     *
     * @param node NUMA node, 0 on machines without
     * @return a pool confined to the calling thread
     */
    BufferPool confined(int node);

    /**
     * What the pools hold and have done so far.
     *
     * @return a consistent-enough reading; the counters are not stopped for it
     */
    PoolGauges gauges();

    /**
     * Unmaps the slabs. Memory in which a buffer is still in use is left mapped for ever and reported in the log with
     * its size: leaking is better than a write into memory that somebody else got.
     */
    @Override
    void close();
}
