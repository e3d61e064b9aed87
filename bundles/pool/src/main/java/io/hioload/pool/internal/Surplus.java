package io.hioload.pool.internal;

/**
 * How many free slots of one class were not needed: the low-water mark of what lay free, over this window of time and the one
 * before, so that a lull of less than a window gives nothing away. Guarded as its bin is.
 */
final class Surplus {

    private int least;
    private int leastBefore;
    private int last;

    /** Tells how many lie free now, or lay free at the least. */
    void look(int free) {
        if (free < least) {
            least = free;
        }
    }

    /**
     * Ends a window.
     *
     * @param free how many lie free now; the next window begins with it
     * @return how many were free all the time
     */
    int endWindow(int free) {
        last = Math.min(free, Math.min(least, leastBefore));
        leastBefore = least;
        least = free;
        return last;
    }

    /** What the last window found. */
    int last() {
        return last;
    }
}
