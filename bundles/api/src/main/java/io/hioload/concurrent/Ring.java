package io.hioload.concurrent;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A bounded first-in first-out queue between threads. How many threads may be at each end is the implementation's to
 * say; no call blocks.
 *
 * @param <E> what it carries
 */
@ProviderType
public interface Ring<E> {

    /**
     * Adds an element at the end.
     *
     * @param element not null
     * @return false if the ring is full
     */
    boolean offer(E element);

    /**
     * Moves elements from the front into a batch until that is full or the ring is empty.
     *
     * @param batch takes the elements
     * @return how many were moved
     */
    int drain(Batch<E> batch);

    /**
     * Whether there is nothing to drain at this moment.
     *
     * @return true if empty
     */
    boolean isEmpty();

    /**
     * How many elements fit.
     *
     * @return the capacity, a power of two
     */
    int capacity();
}
