package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Buffers of powers of two, kept for reuse and overwritten when released; counts what is out. Any thread. */
final class FakePool implements BufferPool {

    static final int MAX_CAPACITY = 1 << 17;

    final AtomicInteger out = new AtomicInteger();
    volatile boolean exhausted;
    private final Object lock = new Object();
    @SuppressWarnings({"unchecked", "rawtypes"})
    private final ArrayDeque<Buffer>[] free = new ArrayDeque[18];

    @Override
    public Buffer acquire(int minCapacity) {
        if (minCapacity < 1 || minCapacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("minCapacity " + minCapacity);
        }
        if (exhausted) {
            return null;
        }
        int shift = 32 - Integer.numberOfLeadingZeros(minCapacity - 1);
        Buffer buffer;
        synchronized (lock) {
            if (free[shift] == null) {
                free[shift] = new ArrayDeque<>();
            }
            buffer = free[shift].poll();
        }
        if (buffer == null) {
            buffer = new Buffer(this::recycle, Arena.global().allocate(1L << shift, 8).address(), 1 << shift, shift);
        }
        out.incrementAndGet();
        buffer.open();
        return buffer;
    }

    private void recycle(Buffer buffer) {
        buffer.memory().setMemory(0, buffer.capacity(), (byte) 0xDB);
        synchronized (lock) {
            free[buffer.index()].add(buffer);
        }
        out.decrementAndGet();
    }

    @Override
    public int maxCapacity() {
        return MAX_CAPACITY;
    }
}
