package io.hioload.buffer;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Gives out buffers. A pool from {@link BufferPoolManager#confined} belongs to one thread: only that thread acquires,
 * any thread may release. A pool from {@link BufferPoolManager#shared} is for all threads.
 */
@ProviderType
public interface BufferPool {

    /**
     * Takes a buffer of at least the given size, with one reference. Contents are whatever was there.
     *
     * @param minCapacity bytes needed, from 1 to {@link #maxCapacity}
     * @return a buffer, or {@code null} when the pool's ceiling is reached (counted as a refusal)
     * @throws IllegalArgumentException if the size is out of range
     */
    Buffer acquire(int minCapacity);

    /**
     * The largest size that can be acquired. It grows with the ceiling and does not shrink with it.
     *
     * @return bytes
     */
    int maxCapacity();

    /**
     * Gives back what the pool's settings say and the pool does not need. The owner of a confined pool calls it now and then
     * when it acquires nothing; an acquire does the same. Costs a read when there is nothing to do.
     */
    default void tend() {
        // nothing is kept
    }
}
