package io.hioload.concurrent;

import org.osgi.annotation.versioning.ProviderType;

/** Runs tasks later, on a thread that the implementation names. */
@ProviderType
public interface Scheduler {

    /**
     * Runs a task once after a delay, not before it and at the scheduler's resolution after it. Any thread may call it.
     *
     * @param task    what to run; an exception from it is logged and counted, nothing else
     * @param delayNs delay in nanoseconds, 0 or more
     * @return calls the task off
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is stopped or its queue is full
     */
    Cancelable schedule(Runnable task, long delayNs);
}
