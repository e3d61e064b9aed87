package io.hioload.testkit.concurrent;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * An executor whose tasks wait until the test runs them, on the test's thread and in the order of arrival. Any thread may
 * call it.
 */
public final class ManualExecutor implements Executor {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final int capacity;
    private boolean rejecting;
    private long rejected;

    /** Makes one that never is full. */
    public ManualExecutor() {
        this(Integer.MAX_VALUE);
    }

    /**
     * Makes a bounded one.
     *
     * @param capacity tasks that can wait
     */
    public ManualExecutor(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public synchronized void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (rejecting || tasks.size() >= capacity) {
            rejected++;
            throw new RejectedExecutionException(rejecting ? "rejecting, as the test wants" : "full: " + capacity);
        }
        tasks.add(task);
    }

    /**
     * Rejects everything, or no longer.
     *
     * @param on whether to reject
     */
    public synchronized void rejecting(boolean on) {
        rejecting = on;
    }

    /**
     * Rejected tasks so far.
     *
     * @return how many
     */
    public synchronized long rejected() {
        return rejected;
    }

    /**
     * Tasks that wait.
     *
     * @return how many
     */
    public synchronized int waiting() {
        return tasks.size();
    }

    /**
     * Runs the oldest task. What it throws, the caller gets.
     *
     * @return false if there was none
     */
    public boolean runNext() {
        Runnable task;
        synchronized (this) {
            task = tasks.poll();
        }
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /**
     * Runs tasks until none is left, those that tasks add included.
     *
     * @return how many ran
     */
    public int runAll() {
        int ran = 0;
        while (runNext()) {
            ran++;
        }
        return ran;
    }
}
