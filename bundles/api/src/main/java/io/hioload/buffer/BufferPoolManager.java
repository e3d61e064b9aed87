package io.hioload.buffer;

import io.hioload.control.DebugProbe;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The memory of one server or client: slabs for each NUMA node under one ceiling. Any thread may call it.
 */
@ProviderType
public interface BufferPoolManager extends DebugProbe, AutoCloseable {

    /** Instead of a node: memory that is bound to none. A page is where the thread runs that touches it first. */
    int ANY_NODE = -1;

    /**
     * The pool of a node for all threads.
     *
     * @param node NUMA node, or {@link #ANY_NODE}
     * @return always the same pool for the same node
     */
    BufferPool shared(int node);

    /**
     * A new cache over the node's slabs that the calling thread, and only it, acquires from. What it holds goes back
     * to the manager when the manager is closed.
     *
     * @param node NUMA node, or {@link #ANY_NODE} for a thread that is not pinned
     * @return a pool confined to the calling thread
     */
    BufferPool confined(int node);

    /**
     * Goes on under other settings. A ceiling lower than what is mapped takes effect as memory comes back: what lies free
     * is unmapped, confined caches give back what they can when their owners next acquire, and acquires that need new memory
     * are refused meanwhile. Huge pages are for what is mapped from now on. Does not wait.
     *
     * @param settings the new ones
     * @throws IllegalArgumentException if the size of a slab differs: it cannot change while there are slabs
     */
    void configure(PoolSettings settings);

    /**
     * Gives what lies free back to the system now, and has confined caches do so when their owners next acquire. Does not
     * wait for those.
     *
     * @return how many bytes were unmapped at once
     */
    long trim();

    /**
     * What the pools hold and have done so far.
     *
     * @return a consistent-enough reading; the counters are not stopped for it
     */
    PoolGauges gauges();

    /**
     * Ends the giving out and unmaps the slabs, except for those in which a buffer is in use: these are unmapped when the
     * last of their buffers has come back. The log and the probe say whose buffers they are.
     */
    @Override
    void close();
}
