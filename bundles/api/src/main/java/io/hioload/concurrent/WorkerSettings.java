package io.hioload.concurrent;

/**
 * How many workers, and how much may wait for them. Immutable.
 *
 * @param name       begins the names of the threads
 * @param workers    threads over all nodes, 0 for one for each usable CPU; each node that has usable CPUs gets at least one
 * @param queueTasks tasks that can wait for the workers of one node, from 1 to {@link #MAX_QUEUE_TASKS}
 * @param pinned     true: each worker on one CPU; false: where the system likes
 */
public record WorkerSettings(String name, int workers, int queueTasks, boolean pinned) {

    /** The most workers. */
    public static final int MAX_WORKERS = 1024;
    /** The longest queue. */
    public static final int MAX_QUEUE_TASKS = 1 << 20;
    /** One worker for each usable CPU, 4,096 tasks a node, not pinned. */
    public static final WorkerSettings DEFAULT = new WorkerSettings("worker", 0, 4096, false);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public WorkerSettings {
        if (workers < 0 || workers > MAX_WORKERS) {
            throw new IllegalArgumentException("workers = " + workers + ", must be 0 to " + MAX_WORKERS);
        }
        if (queueTasks < 1 || queueTasks > MAX_QUEUE_TASKS) {
            throw new IllegalArgumentException("queueTasks = " + queueTasks + ", must be 1 to " + MAX_QUEUE_TASKS);
        }
    }
}
