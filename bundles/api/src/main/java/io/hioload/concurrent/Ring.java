package io.hioload.concurrent;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A bounded first-in first-out queue between threads; {@link Rings} makes them. How many threads may be at each end is
 * what the maker's method says; no call blocks.
 *
 * @param <E> what it carries
 */
@ProviderType
public interface Ring<E> {

    /**
     * Adds an element at the end. Producers.
     *
     * @param element not null
     * @return false if the ring is full
     */
    boolean offer(E element);

    /**
     * Takes the element at the front. Consumers.
     *
     * @return the element, or {@code null} if the ring is empty; waits, a few instructions long, for a producer that has
     *         claimed the place at the front and not stored its element yet
     */
    E poll();

    /**
     * Moves elements from the front into a batch until that is full or nothing more is there. Consumers. Does not wait for
     * a producer that has claimed its place and not stored its element yet: {@link #isEmpty} is false then, so the
     * consumer comes back.
     *
     * @param batch takes the elements
     * @return how many were moved
     */
    int drain(Batch<E> batch);

    /**
     * Moves elements of a batch to the end of the ring until that is full; they are removed from the batch's front.
     * Producers.
     *
     * @param batch gives the elements
     * @return how many were moved
     */
    default int fill(Batch<E> batch) {
        int moved = 0;
        while (moved < batch.size() && offer(batch.get(moved))) {
            moved++;
        }
        batch.removeFirst(moved);
        return moved;
    }

    /**
     * Whether there is nothing to take at this moment.
     *
     * @return true if empty
     */
    boolean isEmpty();

    /**
     * How many elements there are about now.
     *
     * @return from 0 to {@link #capacity}
     */
    int size();

    /**
     * How many elements fit.
     *
     * @return the capacity, a power of two
     */
    int capacity();
}
