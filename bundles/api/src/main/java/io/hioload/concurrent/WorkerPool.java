package io.hioload.concurrent;

import io.hioload.control.DebugProbe;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Threads for work that has no place on a reactor: computation, compression, whatever takes longer than a message may. Each
 * NUMA node has a bounded queue and workers of its own, which run on the node's CPUs when there is an
 * {@link io.hioload.affinity.Affinity} that can place them. A worker with nothing to do helps the other nodes. Work that
 * blocks belongs on virtual threads instead (see {@link io.hioload.websocket.WebSocketHandler#BLOCKING_PROPERTY}).
 *
 * <p>Threads: any, for every method. Tasks run in about the order of arrival, several at once. What a task throws is logged
 * and counted. A task that was accepted is run, also when the pool is closed or resized.
 */
@ProviderType
public interface WorkerPool extends Executor, DebugProbe, AutoCloseable {

    /**
     * Queues a task for a worker's own node, when called by a worker, else for the nodes in turn; when that node's queue is
     * full, for another one.
     *
     * @param task what to run
     * @throws java.util.concurrent.RejectedExecutionException if every queue is full or the pool is closed; counted
     */
    @Override
    void execute(Runnable task);

    /**
     * Like {@link #execute}, without an exception.
     *
     * @param task what to run
     * @return false if it was refused, which is counted
     */
    boolean offer(Runnable task);

    /**
     * The workers of one node.
     *
     * @param node one of {@link #nodes}
     * @return an executor that refuses when that node's queue is full
     * @throws IllegalArgumentException if the pool has no workers on such a node
     */
    Executor node(int node);

    /**
     * The nodes that have a queue.
     *
     * @return ascending, at least one; {@code {0}} on a machine without NUMA
     */
    int[] nodes();

    /**
     * Refused tasks so far.
     *
     * @return how many
     */
    long refused();

    /**
     * What it runs with.
     *
     * @return the settings in force
     */
    WorkerSettings settings();

    /**
     * Changes size, queues and pinning while it runs. Workers that are too many end after the task that they run; nothing
     * that was accepted is lost. Does not wait for them.
     *
     * @param settings from now on; the name stays
     */
    void configure(WorkerSettings settings);

    /**
     * Refuses from now on, runs what is queued, and waits for the workers, at most a few seconds; then interrupts them. Not
     * to be called by a worker.
     */
    @Override
    void close();
}
