package io.hioload.concurrent;

import java.util.Arrays;

/**
 * A reusable run of elements, filled by {@link Ring#drain} and walked by index: no iterator, nothing allocated after
 * construction. One thread uses it.
 *
 * @param <E> what it holds
 */
public final class Batch<E> {

    private final Object[] elements;
    private int size;

    /**
     * Makes an empty batch.
     *
     * @param capacity the most elements it holds, at least 1
     */
    public Batch(int capacity) {
        elements = new Object[capacity];
    }

    /**
     * Adds an element at the end.
     *
     * @param element what to add
     * @return false if the batch is full, which leaves it unchanged
     */
    public boolean add(E element) {
        if (size == elements.length) {
            return false;
        }
        elements[size++] = element;
        return true;
    }

    /**
     * One element.
     *
     * @param index from 0 to {@link #size} - 1
     * @return the element
     */
    @SuppressWarnings("unchecked")
    public E get(int index) {
        return (E) elements[index];
    }

    /**
     * How many elements there are.
     *
     * @return from 0 to {@link #capacity}
     */
    public int size() {
        return size;
    }

    /**
     * How many elements there can be.
     *
     * @return the capacity given at construction
     */
    public int capacity() {
        return elements.length;
    }

    /** Empties the batch and forgets its elements, so that it keeps nothing alive. */
    public void clear() {
        Arrays.fill(elements, 0, size, null);
        size = 0;
    }
}
