package io.hioload.itest.clients;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what has no event to wait for. */
final class Await {

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private Await() {
    }

    /** Returns as soon as the condition holds; fails with what was waited for when it does not in time. */
    static void until(Object what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + DEADLINE_NS;
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain: " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }
}
