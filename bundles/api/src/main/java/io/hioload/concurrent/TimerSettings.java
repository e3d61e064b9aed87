package io.hioload.concurrent;

/**
 * What a {@link TimerScheduler} is to be. Immutable.
 *
 * @param name      of its thread
 * @param maxTimers timers at once, from 1 to {@link #MAX_TIMERS}; memory is taken as they come, about 40 bytes each
 */
public record TimerSettings(String name, int maxTimers) {

    /** The most timers. */
    public static final int MAX_TIMERS = 1 << 26;
    /** Four million timers. */
    public static final TimerSettings DEFAULT = new TimerSettings("timers", 1 << 22);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public TimerSettings {
        if (maxTimers < 1 || maxTimers > MAX_TIMERS) {
            throw new IllegalArgumentException("maxTimers = " + maxTimers + ", must be 1 to " + MAX_TIMERS);
        }
    }
}
