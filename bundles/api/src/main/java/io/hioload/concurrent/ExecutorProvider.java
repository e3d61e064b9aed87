package io.hioload.concurrent;

import io.hioload.affinity.Affinity;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes worker pools and timer schedulers: a service in OSGi, a {@link java.util.ServiceLoader} provider outside. Any thread.
 * In OSGi there are also a {@link WorkerPool} and a {@link TimerScheduler} for all, as services.
 */
@ConsumerType
public interface ExecutorProvider {

    /**
     * Opens a pool; its threads start at once.
     *
     * @param settings how many workers
     * @param affinity knows CPUs and nodes and pins, or {@code null}: then there is one node and nothing is pinned
     * @return the pool, to be closed by the caller
     */
    WorkerPool workers(WorkerSettings settings, Affinity affinity);

    /**
     * Opens a scheduler; its thread starts with the first timer.
     *
     * @param settings how many timers
     * @return the scheduler, to be closed by the caller
     */
    TimerScheduler timers(TimerSettings settings);
}
