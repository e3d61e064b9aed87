package io.hioload.testkit.concurrent;

import io.hioload.concurrent.WorkerPool;
import io.hioload.concurrent.WorkerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** A worker pool without workers: tasks wait, by node, until the test runs them on its own thread. Any thread. */
public final class ManualWorkerPool implements WorkerPool {

    private final List<ManualExecutor> nodes = new ArrayList<>();
    private volatile WorkerSettings settings;
    private volatile boolean closed;
    private long refused;
    private int turn;

    /**
     * Makes a pool.
     *
     * @param nodes      how many NUMA nodes it is to have, numbered from 0
     * @param queueTasks that can wait on each
     */
    public ManualWorkerPool(int nodes, int queueTasks) {
        settings = new WorkerSettings("manual", nodes, queueTasks, false);
        for (int i = 0; i < nodes; i++) {
            this.nodes.add(new ManualExecutor());
        }
    }

    /**
     * Runs what waits on all nodes until nothing does.
     *
     * @return how many tasks ran
     */
    public int runAll() {
        int ran = 0;
        for (int before = -1; before != ran;) {
            before = ran;
            for (ManualExecutor node : nodes) {
                ran += node.runAll();
            }
        }
        return ran;
    }

    /**
     * Tasks that wait.
     *
     * @param node from 0
     * @return how many
     */
    public int waiting(int node) {
        return nodes.get(node).waiting();
    }

    @Override
    public void execute(Runnable task) {
        if (!offer(task)) {
            throw new RejectedExecutionException(closed ? "closed" : "every node's queue is full");
        }
    }

    @Override
    public synchronized boolean offer(Runnable task) {
        for (int i = 0; i < nodes.size(); i++) {
            if (put(Math.floorMod(turn++, nodes.size()), task)) {
                return true;
            }
        }
        refused++;
        return false;
    }

    private boolean put(int node, Runnable task) {
        if (closed || nodes.get(node).waiting() >= settings.queueTasks()) {
            return false;
        }
        nodes.get(node).execute(task);
        return true;
    }

    @Override
    public Executor node(int node) {
        if (node < 0 || node >= nodes.size()) {
            throw new IllegalArgumentException("no node " + node);
        }
        return task -> executeOn(node, task);
    }

    private synchronized void executeOn(int node, Runnable task) {
        if (!put(node, task)) {
            refused++;
            throw new RejectedExecutionException("the queue of node " + node + " is full, or the pool closed");
        }
    }

    @Override
    public int[] nodes() {
        int[] numbers = new int[nodes.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    @Override
    public synchronized long refused() {
        return refused;
    }

    @Override
    public WorkerSettings settings() {
        return settings;
    }

    @Override
    public void configure(WorkerSettings next) {
        settings = next;
    }

    @Override
    public String probeName() {
        return "workers-manual";
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        for (int node = 0; node < nodes.size(); node++) {
            state.put("waiting-" + node, waiting(node));
        }
        state.put("refused", refused());
        return state;
    }

    /** Refuses from now on and runs what waits. */
    @Override
    public void close() {
        closed = true;
        runAll();
    }
}
