package io.hioload.testkit.concurrent;

import java.util.function.LongSupplier;

/** A clock that stands still until the test turns it. Any thread. */
public final class ManualClock implements LongSupplier {

    private volatile long nowNs;

    /**
     * Makes a clock.
     *
     * @param startNs what it shows; {@link System#nanoTime} may be negative, so try that
     */
    public ManualClock(long startNs) {
        nowNs = startNs;
    }

    /**
     * The time.
     *
     * @return nanoseconds
     */
    public long nowNs() {
        return nowNs;
    }

    /**
     * The time, for who wants a {@link LongSupplier}.
     *
     * @return nanoseconds
     */
    @Override
    public long getAsLong() {
        return nowNs;
    }

    /**
     * Turns it. One thread at a time.
     *
     * @param ns nanoseconds, 0 or more
     */
    public void advance(long ns) {
        if (ns < 0) {
            throw new IllegalArgumentException("time does not go back: " + ns);
        }
        nowNs += ns;
    }
}
