package io.hioload.bench.load;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Opens many connections, a limited number of them at once and not faster than wanted. One thread. */
final class Opening {

    /** So many handshakes at once: enough to keep both sides busy, few enough for any accept queue. */
    static final int AT_ONCE = 256;
    private static final long SHOW_EVERY_NS = 1_000_000_000L;

    private final int count;
    private final int ratePerSecond;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<String> firstFailure = new AtomicReference<>();
    private long tookNs;

    /** At most {@code ratePerSecond} begin each second; 0 is no limit. */
    Opening(int count, int ratePerSecond) {
        this.count = count;
        this.ratePerSecond = ratePerSecond;
    }

    /** Returns when every attempt has ended. */
    void run(IntFunction<CompletionStage<?>> connect, IntConsumer progress) throws InterruptedException {
        long beganNs = System.nanoTime();
        long shownNs = beganNs;
        for (int i = 0; i < count; i++) {
            if (ratePerSecond > 0) {
                awaitNs(beganNs + (long) (i * 1e9 / ratePerSecond));
            }
            while (!free.tryAcquire(SHOW_EVERY_NS, TimeUnit.NANOSECONDS)) {
                progress.accept(opened.get());
            }
            if (System.nanoTime() - shownNs > SHOW_EVERY_NS) {
                shownNs = System.nanoTime();
                progress.accept(opened.get());
            }
            connect.apply(i).whenComplete((session, failure) -> ended(failure));
        }
        free.acquire(AT_ONCE);
        tookNs = System.nanoTime() - beganNs;
    }

    private static void awaitNs(long timeNs) {
        for (long leftNs = timeNs - System.nanoTime(); leftNs > 0; leftNs = timeNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    private void ended(Throwable failure) {
        if (failure == null) {
            opened.incrementAndGet();
        } else {
            failed.incrementAndGet();
            firstFailure.compareAndSet(null, failure.getMessage() == null ? failure.toString() : failure.getMessage());
        }
        free.release();
    }

    int opened() {
        return opened.get();
    }

    int failed() {
        return failed.get();
    }

    /** Null if none failed. */
    String firstFailure() {
        return firstFailure.get();
    }

    double seconds() {
        return tookNs / 1e9;
    }
}
