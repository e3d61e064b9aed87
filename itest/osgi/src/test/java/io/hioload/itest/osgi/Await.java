package io.hioload.itest.osgi;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what has no event to wait for. */
final class Await {

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private Await() {
    }

    /** Returns as soon as the condition holds; fails with what was waited for when it does not in time. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        until(() -> what, condition);
    }

    /** The same, with a message that is made when it is needed. */
    static void until(Callable<String> what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + DEADLINE_NS;
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain: " + what.call());
            }
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }
}
