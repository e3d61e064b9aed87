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
     * The largest size that can be acquired.
     *
     * @return bytes
     */
    int maxCapacity();
}
