package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;

/**
 * The cork that was emptied last on one reactor, kept for the next connection that needs one: it is still in the caches. The
 * reactor's thread only. It owns the reference of the cork it keeps; the pool is the reactor's.
 */
final class SpareCork {

    /** A larger cork goes back to the pool when it is empty. */
    private static final int MOST_SPARE_BYTES = 4 * ReactorConnection.CORK_BYTES;

    private final BufferPool pool;
    private Buffer spare;

    SpareCork(BufferPool pool) {
        this.pool = pool;
    }

    /**
     * A buffer for a connection's cork: the one that was given back last, or one of the pool.
     *
     * @return a buffer with one reference, or null when the pool is exhausted
     */
    Buffer take(int minLength) {
        Buffer buffer = spare;
        if (buffer != null && buffer.capacity() >= minLength) {
            spare = null;
            return buffer;
        }
        return pool.acquire(Math.max(ReactorConnection.CORK_BYTES, minLength));
    }

    /** Takes a cork back with its reference. */
    void give(Buffer buffer) {
        if (spare == null && buffer.capacity() <= MOST_SPARE_BYTES) {
            spare = buffer;
        } else {
            buffer.release();
        }
    }

    /** Keeps none any more. */
    void release() {
        if (spare != null) {
            spare.release();
            spare = null;
        }
    }
}
