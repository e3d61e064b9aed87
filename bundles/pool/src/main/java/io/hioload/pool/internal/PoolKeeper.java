package io.hioload.pool.internal;

import java.util.concurrent.locks.LockSupport;

/**
 * The thread of one pool manager that gives back what is not needed: while the manager is open, several times in each window
 * of time; after its close, until the last buffer has come back. It starts when the first pool is opened and ends with the
 * manager's memory.
 */
final class PoolKeeper {

    /** Looks in one window. */
    static final int LOOKS = 4;

    private static final long LONGEST_NS = 15_000_000_000L;
    private static final long SHORTEST_NS = 1_000_000;
    /** How often it looks for what comes back above a lowered ceiling, or at first after the close. */
    private static final long HURRIED_NS = 20_000_000;
    private static final long JOIN_MS = 1000;

    private final SlabPoolManager manager;
    private final Thread thread;
    private volatile boolean ended;

    PoolKeeper(SlabPoolManager manager) {
        this.manager = manager;
        this.thread = Thread.ofPlatform().daemon().name("hioload-pool").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Has it look at once: the settings have changed, or the manager was closed. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Ends it, and waits a moment for that so that no thread is left. Not under the manager's lock. */
    void end() {
        ended = true;
        wake();
        try {
            if (Thread.currentThread() != thread) {
                thread.join(JOIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int look = 0;
        long settleNs = HURRIED_NS;
        while (!ended) {
            if (manager.isClosed()) {
                if (manager.settle()) {
                    return;
                }
                LockSupport.parkNanos(settleNs);
                settleNs = Math.min(LONGEST_NS / LOOKS, settleNs * 2);
            } else {
                look++;
                awaitNextLook();
                manager.look(look % LOOKS == 0);
            }
        }
    }

    /** The interval can change while it waits. */
    private void awaitNextLook() {
        long beganNs = System.nanoTime();
        long leftNs;
        while (!ended && !manager.isClosed() && (leftNs = intervalNs() - (System.nanoTime() - beganNs)) > 0) {
            LockSupport.parkNanos(leftNs);
        }
    }

    /** A window is half of the time after which memory goes: what is unneeded in two windows has been so for that long. */
    private long intervalNs() {
        if (manager.isAboveCeiling()) {
            return HURRIED_NS;
        }
        long trimAfterNs = manager.trimAfterNs();
        return trimAfterNs == 0 ? LONGEST_NS : Math.clamp(trimAfterNs / 2 / LOOKS, SHORTEST_NS, LONGEST_NS);
    }
}
