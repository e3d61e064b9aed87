package io.hioload.executor.internal;

import java.util.Arrays;

/**
 * A hierarchical timing wheel (Varghese and Lauck, SOSP 1987, scheme 7) of numbered entries: six levels of 256 buckets, each
 * level 256 times as coarse as the one below. An entry's level is the highest byte in which its tick differs from the
 * present one, so it moves down at most five times, and everything on a level comes before everything on the next.
 *
 * <p>One thread. Linking and unlinking take constant time; finding the next bucket reads at most 24 words of a bitmap, so
 * empty ticks cost nothing. 20 bytes for each entry; nothing is allocated but when there are more entries than ever.
 */
final class TimerWheel {

    /** What becomes of entries whose tick has come. */
    interface Expiry {
        /** The entry is no longer linked. Must not change the wheel. */
        void expired(int entry);
    }

    private static final int LEVELS = 6;
    private static final int LEVEL_BITS = 8;
    private static final int BUCKETS = 1 << LEVEL_BITS;
    private static final int WORDS = BUCKETS / Long.SIZE;
    private static final int NONE = -1;
    /** The last tick that there is. */
    private static final long MAX_TICK = (1L << LEVELS * LEVEL_BITS) - 1;

    private final int[] heads = new int[LEVELS * BUCKETS];
    private final long[] occupied = new long[LEVELS * WORDS];
    private int[] next = {};
    private int[] previous = {};
    /** Where an entry is linked. */
    private int[] buckets = {};
    private long[] ticks = {};
    private long currentTick;
    private int size;

    TimerWheel() {
        Arrays.fill(heads, NONE);
    }

    int size() {
        return size;
    }

    boolean isLinked(int entry) {
        return entry < buckets.length && buckets[entry] != NONE;
    }

    /**
     * Links an entry that is not linked.
     *
     * @param entry a number from 0; memory is taken for all up to it
     * @param tick  when it expires; one that has passed is the present one, one beyond the wheel the last
     */
    void link(int entry, long tick) {
        if (entry >= buckets.length) {
            grow(entry);
        }
        ticks[entry] = Math.clamp(tick, currentTick, MAX_TICK);
        size++;
        place(entry);
    }

    private void grow(int entry) {
        int before = buckets.length;
        int length = Math.max(1024, Integer.highestOneBit(entry) << 1);
        next = Arrays.copyOf(next, length);
        previous = Arrays.copyOf(previous, length);
        ticks = Arrays.copyOf(ticks, length);
        buckets = Arrays.copyOf(buckets, length);
        Arrays.fill(buckets, before, length, NONE);
    }

    private void place(int entry) {
        long tick = ticks[entry];
        int level = levelOf(tick ^ currentTick);
        int bucket = level * BUCKETS + (int) (tick >>> level * LEVEL_BITS & BUCKETS - 1);
        int head = heads[bucket];
        if (head == NONE) {
            occupied[bucket >>> 6] |= 1L << bucket;
        } else {
            previous[head] = entry;
        }
        next[entry] = head;
        previous[entry] = NONE;
        buckets[entry] = bucket;
        heads[bucket] = entry;
    }

    private static int levelOf(long difference) {
        return difference == 0 ? 0 : (Long.SIZE - 1 - Long.numberOfLeadingZeros(difference)) / LEVEL_BITS;
    }

    /** Unlinks an entry that is linked. */
    void unlink(int entry) {
        remove(entry);
        size--;
    }

    private void remove(int entry) {
        int bucket = buckets[entry];
        int before = previous[entry];
        int behind = next[entry];
        if (behind != NONE) {
            previous[behind] = before;
        }
        if (before != NONE) {
            next[before] = behind;
        } else {
            heads[bucket] = behind;
            if (behind == NONE) {
                occupied[bucket >>> 6] &= ~(1L << bucket);
            }
        }
        buckets[entry] = NONE;
    }

    /**
     * Goes on to a tick and tells of every entry whose tick has come.
     *
     * @param nowTick not before the one of the last call
     * @param expiry  is told
     * @return how many expired
     */
    int advance(long nowTick, Expiry expiry) {
        int expired = 0;
        for (int bucket = nextBucket(); bucket != NONE; bucket = nextBucket()) {
            long start = startOf(bucket);
            if (start > nowTick) {
                break;
            }
            currentTick = start;
            for (int entry = heads[bucket]; entry != NONE; entry = heads[bucket]) {
                remove(entry);
                if (bucket >= BUCKETS) {
                    place(entry);
                } else {
                    size--;
                    expired++;
                    expiry.expired(entry);
                }
            }
        }
        currentTick = Math.max(currentTick, nowTick);
        return expired;
    }

    /**
     * The first tick at which there is something to do: an entry expires or moves down.
     *
     * @return a tick not after the first expiry, or {@link Long#MAX_VALUE} if nothing is linked
     */
    long nextTick() {
        int bucket = nextBucket();
        return bucket == NONE ? Long.MAX_VALUE : startOf(bucket);
    }

    /** The lowest level with anything has the next; on each level all that is occupied lies ahead. */
    private int nextBucket() {
        for (int word = 0; word < occupied.length; word++) {
            if (occupied[word] != 0) {
                return (word << 6) + Long.numberOfTrailingZeros(occupied[word]);
            }
        }
        return NONE;
    }

    private long startOf(int bucket) {
        int shift = bucket / BUCKETS * LEVEL_BITS;
        long above = shift + LEVEL_BITS >= Long.SIZE ? 0 : currentTick >>> shift + LEVEL_BITS << shift + LEVEL_BITS;
        return above | (long) (bucket & BUCKETS - 1) << shift;
    }
}
