package io.hioload.concurrent;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * A reusable run of elements, filled by {@link Ring#drain} and walked by index or with {@link #forEach}: no iterator,
 * nothing allocated after construction. One thread uses it.
 *
 * <p>{@link #slice} and {@link #split} copy nothing: they make another batch a <em>view</em> of these elements, which is of
 * use until this batch is changed. A view takes no elements and, when it is cleared, leaves them where they are.
 *
 * @param <E> what it holds
 */
public final class Batch<E> {

    private static final Object[] NOTHING = {};

    /** Empty in a batch that is only a view. */
    private final Object[] own;
    private Object[] elements;
    private int first;
    private int size;
    /** What was ever stored in {@link #own} since it was cleared, so that clearing forgets it all. */
    private int stored;

    /**
     * Makes an empty batch.
     *
     * @param capacity the most elements it holds, at least 1
     */
    public Batch(int capacity) {
        own = new Object[capacity];
        elements = own;
    }

    /** Makes a batch that holds nothing of its own: for {@link #slice} and {@link #split} to show elements with. */
    public Batch() {
        own = NOTHING;
        elements = own;
    }

    /**
     * Adds an element at the end.
     *
     * @param element what to add
     * @return false if there is no {@link #room}, which leaves it unchanged
     */
    public boolean add(E element) {
        if (room() == 0) {
            return false;
        }
        own[first + size++] = element;
        stored = first + size;
        return true;
    }

    /**
     * One element.
     *
     * @param index from 0 to {@link #size} - 1
     * @return the element
     * @throws IndexOutOfBoundsException if there is none
     */
    @SuppressWarnings("unchecked")
    public E get(int index) {
        return (E) elements[first + Objects.checkIndex(index, size)];
    }

    /**
     * Visits the elements in order. A visitor that is kept in a constant, with what it works on as the context, allocates
     * nothing.
     *
     * @param <C>     type of the context
     * @param context is handed to each call
     * @param visitor must not change this batch
     */
    public <C> void forEach(C context, BiConsumer<? super C, ? super E> visitor) {
        for (int i = 0; i < size; i++) {
            visitor.accept(context, get(i));
        }
    }

    /**
     * Makes another batch a view of some of these elements. What that one held before is cleared.
     *
     * @param from first element
     * @param to   behind the last one, at most {@link #size}
     * @param view shows them
     * @throws IndexOutOfBoundsException if the range is not within this batch
     */
    public void slice(int from, int to, Batch<E> view) {
        if (from < 0 || from > to || to > size) {
            throw new IndexOutOfBoundsException(from + " to " + to + " of " + size);
        }
        Object[] shown = elements;
        int at = first + from;
        view.clear();
        view.elements = shown;
        view.first = at;
        view.size = to - from;
    }

    /**
     * Keeps the first elements and makes another batch a view of the others.
     *
     * @param at   how many to keep, from 0 to {@link #size}
     * @param rest shows the others
     * @throws IndexOutOfBoundsException if there are not so many
     */
    public void split(int at, Batch<E> rest) {
        slice(at, size, rest);
        size = at;
    }

    /**
     * Takes elements away at the front.
     *
     * @param count from 0 to {@link #size}
     * @throws IndexOutOfBoundsException if there are not so many
     */
    public void removeFirst(int count) {
        if (count < 0 || count > size) {
            throw new IndexOutOfBoundsException(count + " of " + size);
        }
        size -= count;
        first += count;
        if (size == 0) {
            clear();
        }
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
     * Whether there are none.
     *
     * @return true if {@link #size} is 0
     */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * How many can still be added.
     *
     * @return 0 in a view
     */
    public int room() {
        return elements == own ? own.length - first - size : 0;
    }

    /**
     * How many elements there can be.
     *
     * @return the capacity given at construction, 0 for a batch that can only be a view
     */
    public int capacity() {
        return own.length;
    }

    /** Empties the batch and forgets its own elements, so that it keeps nothing alive. It is no view any more. */
    public void clear() {
        Arrays.fill(own, 0, stored, null);
        elements = own;
        first = 0;
        size = 0;
        stored = 0;
    }
}
