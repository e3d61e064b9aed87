package io.hioload.concurrent;

import io.hioload.control.DebugProbe;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Millions of timers on one thread of their own. Starting and cancelling are for any thread and take constant time; once as
 * many timers as ever at the same time have been there, {@link #start} and {@link #cancel} allocate nothing.
 *
 * <p>Tasks run on the scheduler's thread, one after the other, so they must be short: longer ones hand over to a
 * {@link WorkerPool} or a reactor. What a task throws is logged and counted. A task may start and cancel timers.
 */
@ProviderType
public interface TimerScheduler extends Scheduler, DebugProbe, AutoCloseable {

    /** Answer of {@link #start}: there are as many timers as allowed, or the scheduler is closed. Counted. */
    long REFUSED = -1;

    /**
     * Runs a task once after a delay, not before it and about {@link #resolutionNs} after it.
     *
     * @param task    what to run
     * @param delayNs nanoseconds, 0 or more
     * @return a number that names the timer for {@link #cancel} and is not used again for 2^31 timers in the same place, or
     *         {@link #REFUSED}
     */
    long start(Runnable task, long delayNs);

    /**
     * Calls a timer off.
     *
     * @param timer what {@link #start} returned
     * @return true if it had neither run nor been cancelled before and will not run now; false also for {@link #REFUSED}
     */
    boolean cancel(long timer);

    /**
     * The length of a tick.
     *
     * @return nanoseconds
     */
    long resolutionNs();

    /**
     * Timers that are started and have neither run nor been cancelled.
     *
     * @return how many
     */
    int pending();

    /**
     * Changes how many timers there can be at once; those that are there stay.
     *
     * @param maxTimers from 1 to {@link TimerSettings#MAX_TIMERS}
     * @throws IllegalArgumentException if the number is out of range
     */
    void maxTimers(int maxTimers);

    /** Refuses from now on, forgets the timers that are there, and waits for its thread, at most a few seconds. */
    @Override
    void close();
}
