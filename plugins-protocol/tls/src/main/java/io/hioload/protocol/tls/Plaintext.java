package io.hioload.protocol.tls;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;

/**
 * Where the records of one receive call are decrypted into, to be delivered together. One for each loop, its thread only. Has a
 * buffer only within such a call; one that the handler keeps is replaced.
 */
final class Plaintext {

    /** Delivered in pieces of so many bytes at the most. */
    private static final int MOST_BYTES = 64 << 10;
    private static final int LEAST_BYTES = 4096;

    private final BufferPool pool;
    private TlsConnection to;
    private Buffer buffer;
    private int length;
    private int expected;

    Plaintext(BufferPool pool) {
        this.pool = pool;
    }

    /** What comes now is one connection's. */
    void begin(TlsConnection connection, int expectedBytes) {
        to = connection;
        expected = Math.clamp(expectedBytes, LEAST_BYTES, MOST_BYTES);
    }

    /**
     * Sees that there is room; may deliver what is there.
     *
     * @return false if the pool is exhausted
     */
    boolean room(int bytes) {
        if (buffer != null && buffer.capacity() - length >= bytes) {
            return true;
        }
        deliver();
        if (buffer != null && (buffer.refs() != 1 || buffer.capacity() < bytes)) {
            buffer.release();
            buffer = null;
        }
        if (buffer == null) {
            buffer = pool.acquire(Math.max(bytes, expected));
        }
        return buffer != null;
    }

    /** There must be room. */
    void add(byte[] bytes, int count) {
        buffer.memory().putBytes(length, bytes, 0, count);
        length += count;
    }

    void deliver() {
        int there = length;
        if (there > 0) {
            length = 0;
            to.deliver(buffer, there);
        }
    }

    /** What was not delivered is dropped. */
    void end() {
        to = null;
        length = 0;
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
