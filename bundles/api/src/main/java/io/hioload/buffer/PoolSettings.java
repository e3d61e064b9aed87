package io.hioload.buffer;

/**
 * How a pool manager is to be made.
 *
 * @param ceilingBytes the most that may be mapped over all nodes; acquires are refused beyond
 * @param slabBytes    how much is mapped at a time, a power of two from 64 KiB
 * @param hugePages    ask the system for huge pages; without them ordinary pages serve and the probe says why
 * @param trimAfterNs  memory that nobody needed for so long goes back to the system, at the latest after two and a half times
 *                     as long; 0 keeps it until it is asked for
 */
public record PoolSettings(long ceilingBytes, int slabBytes, boolean hugePages, long trimAfterNs) {

    /** Ceiling when none is given: 1 GiB. Memory is mapped only as it is needed. */
    public static final long DEFAULT_CEILING_BYTES = 1L << 30;
    /** Slab size when none is given: 2 MiB, one x86-64 huge page. */
    public static final int DEFAULT_SLAB_BYTES = 2 << 20;
    /** Trim when nothing is given: after a minute. */
    public static final long DEFAULT_TRIM_AFTER_NS = 60_000_000_000L;

    /** The defaults. */
    public static final PoolSettings DEFAULT = new PoolSettings(DEFAULT_CEILING_BYTES, DEFAULT_SLAB_BYTES, false);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the ceiling is below one slab, the slab is no power of two from 64 KiB or the
     *                                  time is negative
     */
    public PoolSettings {
        if (slabBytes < 64 << 10 || Integer.bitCount(slabBytes) != 1) {
            throw new IllegalArgumentException("slabBytes " + slabBytes + ": a power of two from 65536");
        }
        if (ceilingBytes < slabBytes) {
            throw new IllegalArgumentException("ceilingBytes " + ceilingBytes + ": at least slabBytes, " + slabBytes);
        }
        if (trimAfterNs < 0) {
            throw new IllegalArgumentException("trimAfterNs " + trimAfterNs + ": from 0");
        }
    }

    /**
     * Settings that trim after the default time.
     *
     * @param ceilingBytes see above
     * @param slabBytes    see above
     * @param hugePages    see above
     * @throws IllegalArgumentException as above
     */
    public PoolSettings(long ceilingBytes, int slabBytes, boolean hugePages) {
        this(ceilingBytes, slabBytes, hugePages, DEFAULT_TRIM_AFTER_NS);
    }
}
