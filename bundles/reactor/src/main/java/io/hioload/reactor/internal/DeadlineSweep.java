package io.hioload.reactor.internal;

import java.util.Arrays;

/**
 * The one timeout of each connection, by slot: coarse deadlines in one flat array that is read from end to end now and
 * then. Setting and clearing are a store; there is no queue to keep in order. The reactor's thread only.
 *
 * <p>A tick is 2^26 ns, about 67 ms. Nothing is read before the earliest deadline that is known, and between two passes
 * there is one tick for each 65,536 slots, so that a million connections are read through about once a second, in
 * chunks of at most 65,536 slots (256 KiB) a turn. A deadline is met at most about two ticks late with few connections
 * and about a second late with a million; never early.
 *
 * <p>Time in which the reactor itself was away, because a handler took long, counts as one tick: what was set meanwhile
 * began with an old reading of the clock, and peers could not be heard.
 */
final class DeadlineSweep {

    /** Is told whose time is over. */
    interface Expiry {

        /**
         * The deadline of a slot passed and was cleared. New deadlines may be set from here.
         *
         * @param slot slot
         */
        void expired(int slot);
    }

    static final int TICK_SHIFT = 26;
    private static final int CHUNK_SLOTS = 1 << 16;
    private static final int NONE = 0;
    private static final int MAX_TICKS = Integer.MAX_VALUE / 2;

    private long startNs;
    /** Ticks since the start, never {@link #NONE}; they wrap after nine years and are compared by difference. */
    private int[] deadlines;
    private int cursor;
    private long earliestTick = Long.MAX_VALUE;
    private long nextPassTick;

    DeadlineSweep(long startNs, int slots) {
        this.startNs = startNs;
        this.deadlines = new int[slots];
    }

    /** Makes room for as many slots as the table has. */
    void fit(int slots) {
        if (slots > deadlines.length) {
            deadlines = Arrays.copyOf(deadlines, slots);
        }
    }

    /**
     * Sets the deadline of a slot, in place of the one before.
     *
     * @param slot    slot
     * @param nowNs   the clock
     * @param delayNs from now, 0 or more
     */
    void set(int slot, long nowNs, long delayNs) {
        long now = nowNs - startNs;
        long ticks = Math.min(delayNs >>> TICK_SHIFT, MAX_TICKS);
        long partNs = (now & ((1L << TICK_SHIFT) - 1)) + (delayNs & ((1L << TICK_SHIFT) - 1));
        // Rounded up, so that it is never early.
        long tick = (now >>> TICK_SHIFT) + ticks + (partNs >>> TICK_SHIFT) + 1;
        int stored = (int) tick;
        deadlines[slot] = stored == NONE ? 1 : stored;
        earliestTick = Math.min(earliestTick, tick);
    }

    void clear(int slot) {
        deadlines[slot] = NONE;
    }

    /**
     * What is left until a deadline.
     *
     * @param slot  slot
     * @param nowNs the clock
     * @return nanoseconds, 0 if it has passed, -1 without a deadline
     */
    long leftNs(int slot, long nowNs) {
        if (deadlines[slot] == NONE) {
            return -1;
        }
        int now = (int) (nowNs - startNs >>> TICK_SHIFT);
        return Math.max(0, (long) (deadlines[slot] - now - 1) << TICK_SHIFT);
    }

    /**
     * Takes note that the reactor was away. One tick of it counts, the rest does not.
     *
     * @param stallNs time from one reading of the clock to the next
     */
    void stalled(long stallNs) {
        startNs += Math.max(0, stallNs - (1L << TICK_SHIFT));
    }

    /**
     * Whether {@link #sweep} would read anything.
     *
     * @param nowNs the clock
     * @return true if it would
     */
    boolean isDue(long nowNs) {
        return cursor != 0 || nowNs - startNs >>> TICK_SHIFT >= Math.max(earliestTick, nextPassTick);
    }

    /**
     * Reads on, if it is time.
     *
     * @param nowNs  the clock
     * @param slots  slots from here on were never in use
     * @param expiry is told
     * @return how many expired
     */
    int sweep(long nowNs, int slots, Expiry expiry) {
        if (!isDue(nowNs)) {
            return 0;
        }
        long nowTick = nowNs - startNs >>> TICK_SHIFT;
        if (cursor == 0) {
            earliestTick = Long.MAX_VALUE;
        }
        int now = (int) nowTick;
        int end = Math.min(slots, cursor + CHUNK_SLOTS);
        int expired = 0;
        int nearest = MAX_TICKS;
        boolean found = false;
        for (int slot = cursor; slot < end; slot++) {
            int deadline = deadlines[slot];
            if (deadline == NONE) {
                continue;
            }
            int left = deadline - now;
            if (left <= 0) {
                deadlines[slot] = NONE;
                expired++;
                expiry.expired(slot);
            } else {
                found = true;
                nearest = Math.min(nearest, left);
            }
        }
        if (found) {
            earliestTick = Math.min(earliestTick, nowTick + nearest);
        }
        if (end >= slots) {
            cursor = 0;
            nextPassTick = nowTick + 1 + slots / CHUNK_SLOTS;
        } else {
            cursor = end;
        }
        return expired;
    }

    /**
     * How long nothing here needs the reactor.
     *
     * @param nowNs the clock
     * @return nanoseconds, 0 in the middle of a pass, {@link Long#MAX_VALUE} when no deadline is set
     */
    long idleNs(long nowNs) {
        if (cursor != 0) {
            return 0;
        }
        if (earliestTick == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long dueNs = Math.max(earliestTick, nextPassTick) << TICK_SHIFT;
        return Math.max(0, dueNs - (nowNs - startNs));
    }
}
