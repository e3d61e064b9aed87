package io.hioload.pool.internal;

/**
 * How large a run one class cuts at a time: twice as much at the second miss in one window of time, and again at each
 * further one, half as much after a window without a miss. So a class that grows misses log n times and not n, and one at
 * rest takes no more than it needs. Guarded as its bin is.
 */
final class RunGrowth {

    /** At the most: it bounds how long one acquire can take, which is as long as 1,024 handles of the smallest slots take to make. */
    private static final int MAX_BYTES = 256 << 10;

    private final int leastBytes;
    private final int mostBytes;
    private volatile int runBytes;
    private int cuts;

    RunGrowth(int slotBytes, int slabBytes) {
        leastBytes = Span.runBytes(slotBytes);
        mostBytes = Math.max(leastBytes, Math.min(MAX_BYTES, slabBytes));
        runBytes = leastBytes;
    }

    /** Counts a miss that cut a run. */
    void cut() {
        if (++cuts > 1) {
            runBytes = Math.min(mostBytes, runBytes << 1);
        }
    }

    /** Ends a window. */
    void endWindow() {
        if (cuts == 0) {
            runBytes = Math.max(leastBytes, runBytes >> 1);
        }
        cuts = 0;
    }

    /** The size of the next run. */
    int runBytes() {
        return runBytes;
    }
}
