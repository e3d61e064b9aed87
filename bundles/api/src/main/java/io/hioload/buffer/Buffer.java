package io.hioload.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One slot of a pool: a fixed range of native memory with a reference count. The handle is made once with its slot and
 * used again for every acquire.
 *
 * <p>Threads: the count may be changed from any thread; the bytes belong to whoever holds a reference, and the holders
 * agree among themselves who writes.
 *
 * <p>Ownership: {@link BufferPool#acquire} gives one reference. {@link #retain} adds one, {@link #release} gives one
 * back; the last release returns the slot to its {@link Home}. Passing a buffer to a method that says that it takes
 * ownership passes one reference.
 *
 * <p>Cost: a release by the only owner is a read and a plain write, no locked instruction; sharing costs one locked
 * instruction for each retain and release.
 */
public final class Buffer {

    /** Takes back a slot whose last reference was released. */
    public interface Home {

        /**
         * Called once for each acquired buffer, on the thread of the last release.
         *
         * @param buffer the buffer, with a reference count of 0
         */
        void recycle(Buffer buffer);

        /**
         * Called when a buffer is retained or released that has no reference left, on the thread that does it. A home that
         * keeps books says more.
         *
         * @param buffer  the buffer
         * @param message what was done
         * @return what is thrown to the caller
         */
        default IllegalStateException misused(Buffer buffer, String message) {
            return new IllegalStateException(message);
        }
    }

    private static final VarHandle REFS;

    static {
        try {
            REFS = MethodHandles.lookup().findVarHandle(Buffer.class, "refs", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Home home;
    private final UnsafeBuffer memory;
    private final long address;
    private final int capacity;
    private final int index;
    private int refs;

    /**
     * Makes the handle of one slot; for implementations of pools and for transports whose memory is their own.
     *
     * @param home     takes the slot back
     * @param address  first byte in native memory; must stay mapped as long as the handle is in use
     * @param capacity size in bytes
     * @param index    what the home wants to find this slot by
     */
    public Buffer(Home home, long address, int capacity, int index) {
        this.home = home;
        this.address = address;
        this.capacity = capacity;
        this.index = index;
        this.memory = new UnsafeBuffer(address, capacity);
    }

    /**
     * The bytes of the slot as an Agrona buffer from 0 to {@link #capacity}, the same object every time.
     *
     * @return the bytes; not to be used after the reference was given back
     */
    public UnsafeBuffer memory() {
        return memory;
    }

    /**
     * The address of the first byte.
     *
     * @return a native address
     */
    public long address() {
        return address;
    }

    /**
     * The size of the slot.
     *
     * @return bytes
     */
    public int capacity() {
        return capacity;
    }

    /**
     * The number which its home knows this slot by.
     *
     * @return the index that was given at construction
     */
    public int index() {
        return index;
    }

    /**
     * How many references there are now. Equal to 1 only if the caller holds the only one, and then nobody else can
     * add one.
     *
     * @return the reference count, 0 in the pool
     */
    public int refs() {
        return (int) REFS.getAcquire(this);
    }

    /** Starts a life: the count goes from 0 to 1. Only for the slot's {@link Home}, in its acquire. */
    public void open() {
        REFS.setRelease(this, 1);
    }

    /**
     * Adds a reference.
     *
     * @return this buffer
     * @throws IllegalStateException if the buffer was already released
     */
    public Buffer retain() {
        int before = (int) REFS.getAndAdd(this, 1);
        if (before <= 0) {
            REFS.getAndAdd(this, -1);
            throw home.misused(this, "retain after release");
        }
        return this;
    }

    /**
     * Gives one reference back; the last one returns the slot to its home.
     *
     * @throws IllegalStateException if there was no reference left to give back
     */
    public void release() {
        // A count of 1 is the caller's own: nobody else may retain, so no locked instruction is needed.
        if ((int) REFS.getAcquire(this) == 1) {
            REFS.setOpaque(this, 0);
            home.recycle(this);
            return;
        }
        int before = (int) REFS.getAndAdd(this, -1);
        if (before == 1) {
            home.recycle(this);
        } else if (before <= 0) {
            REFS.getAndAdd(this, 1);
            throw home.misused(this, "released more often than acquired and retained");
        }
    }

    @Override
    public String toString() {
        return "Buffer[index=" + index + ", capacity=" + capacity + ", refs=" + refs() + "]";
    }
}
