package io.hioload.executor.internal;

import io.hioload.concurrent.SleepFlag;
import java.util.concurrent.locks.LockSupport;

/**
 * One worker: a thread that runs its node's tasks, then those of the other nodes, then sleeps. {@link #wake} and
 * {@link #retire} are for any thread.
 */
final class Worker extends Thread {

    private final NumaWorkerPool pool;
    private final NodeQueue home;
    private final int cpu;
    private final boolean pinned;
    private final SleepFlag sleep = new SleepFlag();
    private volatile boolean retired;

    Worker(String name, NumaWorkerPool pool, NodeQueue home, int cpu, boolean pinned) {
        super(name);
        setDaemon(true);
        this.pool = pool;
        this.home = home;
        this.cpu = cpu;
        this.pinned = pinned;
    }

    NumaWorkerPool pool() {
        return pool;
    }

    NodeQueue home() {
        return home;
    }

    /** Where it is to run: what it was pinned to, or would be. */
    boolean isPlacedLike(NodeQueue node, int onCpu, boolean pin) {
        return home == node && pinned == pin && (!pin || cpu == onCpu);
    }

    /** It ends after its task. */
    void retire() {
        retired = true;
        wake();
    }

    /** True if it slept, and then the caller has woken it. */
    boolean wake() {
        if (sleep.takeWakeup()) {
            LockSupport.unpark(this);
            return true;
        }
        return false;
    }

    @Override
    public void run() {
        if (pinned) {
            pool.pin(cpu);
        }
        while (!retired) {
            Runnable task = pool.next(home);
            if (task != null) {
                pool.run(task);
                // A task that was interrupted, or interrupted itself, must not keep this thread from sleeping.
                Thread.interrupted();
            } else if (pool.isClosed()) {
                break;
            } else {
                sleep();
            }
        }
        // What its queue was told while it went is for another.
        pool.gone(this);
    }

    private void sleep() {
        pool.sleepers(1);
        sleep.fallAsleep();
        if (pool.isIdle() && !retired && !pool.isClosed()) {
            LockSupport.park(pool);
        }
        sleep.awake();
        pool.sleepers(-1);
    }
}
