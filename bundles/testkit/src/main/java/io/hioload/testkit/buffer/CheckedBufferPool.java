package io.hioload.testkit.buffer;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;

/**
 * A pool whose buffers are all different: each acquire makes a new handle over new memory, and remembers the place.
 *
 * <ul>
 * <li>Double release: the second one fails and never hits the next owner. The exception's cause is the place of the first
 * release, and that one's cause the place of the acquire; {@link CheckedBufferPoolManager#assertNoLeaks} shows it again, in
 * case somebody swallowed it.
 * <li>Use after release: {@link Buffer#memory} has no bytes any more, so that an access through it throws
 * {@link IndexOutOfBoundsException} where it happens. Who uses the address reads {@link #POISON}; memory is kept for a while
 * to see whether somebody writes into it, which is reported with the places of release and acquire.
 * <li>Leak: reported with the place of the acquire.
 * </ul>
 *
 * <p>Fresh memory is filled with {@link #POISON} too, so that nobody relies on zeros.
 *
 * <p>A confined pool is for the thread that made it and says so; any thread may release.
 */
public final class CheckedBufferPool implements BufferPool {

    /** What fresh and released memory is filled with. */
    public static final byte POISON = (byte) 0xDB;

    /** The largest buffer: 1 MiB. */
    public static final int MAX_CAPACITY_BYTES = 1 << 20;

    private final BufferLedger ledger;
    private final Thread owner;

    CheckedBufferPool(BufferLedger ledger, Thread owner) {
        this.ledger = ledger;
        this.owner = owner;
    }

    @Override
    public Buffer acquire(int minCapacity) {
        if (minCapacity < 1 || minCapacity > MAX_CAPACITY_BYTES) {
            throw new IllegalArgumentException("minCapacity " + minCapacity + ": from 1 to " + MAX_CAPACITY_BYTES);
        }
        if (owner != null && Thread.currentThread() != owner) {
            throw new IllegalStateException("pool of " + owner.getName() + " used by " + Thread.currentThread().getName());
        }
        return ledger.acquire(minCapacity);
    }

    @Override
    public int maxCapacity() {
        return MAX_CAPACITY_BYTES;
    }
}
