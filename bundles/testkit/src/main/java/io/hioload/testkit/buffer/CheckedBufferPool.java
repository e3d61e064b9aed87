package io.hioload.testkit.buffer;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;

/**
 * A pool whose buffers are all different: each acquire makes a new handle over new memory. A handle that is released
 * twice therefore always fails, and never hits the next owner. Released memory is filled with {@link #POISON} and kept
 * for a while to see whether somebody still writes into it; fresh memory is filled with it too, so that nobody relies on
 * zeros.
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
