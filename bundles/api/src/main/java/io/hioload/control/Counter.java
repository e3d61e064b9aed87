package io.hioload.control;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one thread counts up and any thread reads.
 *
 * <p>Cost: a read and an opaque write; no locked instruction, so two writers would lose counts.
 */
public final class Counter {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private long value;

    Counter(String name) {
        this.name = name;
    }

    /**
     * What is counted, unit included, such as {@code epoll.receive.bytes}.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** Adds one. Writer thread only. */
    public void increment() {
        VALUE.setOpaque(this, value + 1);
    }

    /**
     * Adds an amount. Writer thread only.
     *
     * @param amount what to add; a gauge adds negative amounts too
     */
    public void add(long amount) {
        VALUE.setOpaque(this, value + amount);
    }

    /**
     * The count so far. Any thread.
     *
     * @return the value; not ordered with anything else
     */
    public long get() {
        return (long) VALUE.getOpaque(this);
    }
}
