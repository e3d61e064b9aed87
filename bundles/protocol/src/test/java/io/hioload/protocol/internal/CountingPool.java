package io.hioload.protocol.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import java.lang.foreign.Arena;

/** A pool of powers of two that counts what is out and that allocates nothing once it is warm. */
final class CountingPool implements BufferPool, Buffer.Home {

    private static final int CLASSES = 25;
    private static final int KEPT_PER_CLASS = 64;

    private final Buffer[][] kept = new Buffer[CLASSES][KEPT_PER_CLASS];
    private final int[] count = new int[CLASSES];
    long ceilingBytes = Long.MAX_VALUE;
    long inUseBytes;
    long peakBytes;
    int inUse;
    int acquires;

    @Override
    public Buffer acquire(int minCapacity) {
        if (minCapacity < 1 || minCapacity > maxCapacity()) {
            throw new IllegalArgumentException("minCapacity " + minCapacity);
        }
        int sizeClass = 32 - Integer.numberOfLeadingZeros(minCapacity - 1);
        int capacity = 1 << sizeClass;
        if (inUseBytes + capacity > ceilingBytes) {
            return null;
        }
        Buffer buffer = count[sizeClass] > 0
                ? kept[sizeClass][--count[sizeClass]]
                : new Buffer(this, Arena.global().allocate(capacity, 8).address(), capacity, sizeClass);
        buffer.open();
        inUse++;
        acquires++;
        inUseBytes += capacity;
        peakBytes = Math.max(peakBytes, inUseBytes);
        return buffer;
    }

    @Override
    public void recycle(Buffer buffer) {
        inUse--;
        inUseBytes -= buffer.capacity();
        if (count[buffer.index()] < KEPT_PER_CLASS) {
            kept[buffer.index()][count[buffer.index()]++] = buffer;
        }
    }

    @Override
    public int maxCapacity() {
        return 1 << CLASSES - 1;
    }
}
