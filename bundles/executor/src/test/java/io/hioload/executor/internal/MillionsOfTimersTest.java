package io.hioload.executor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.concurrent.TimerScheduler;
import io.hioload.concurrent.TimerSettings;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Very many timers, from several threads: none lost, none run twice or after its cancellation, nothing allocated. */
class MillionsOfTimersTest {

    private static final int TIMERS = 2_000_000;
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final Runnable NOTHING = () -> {
    };
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Half of two million are cancelled by another thread than started them, while the first of them fire. */
    @Test
    void shouldRunOrCancelEachOfTwoMillionTimersOnce() throws Exception {
        try (TimerScheduler timers = new WheelTimerScheduler(new TimerSettings("two-million", TIMERS))) {
            int starters = 2;
            int each = TIMERS / starters;
            AtomicInteger ran = new AtomicInteger();
            Runnable count = ran::incrementAndGet;
            long[][] started = new long[starters][each];
            CountDownLatch[] ready = {new CountDownLatch(1), new CountDownLatch(1)};
            AtomicInteger cancelled = new AtomicInteger();
            ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
            Thread[] threads = new Thread[2 * starters];
            long beginNs = System.nanoTime();
            for (int s = 0; s < starters; s++) {
                int starter = s;
                threads[s] = Thread.ofPlatform().start(() -> {
                    try {
                        for (int i = 0; i < each; i++) {
                            started[starter][i] = timers.start(count, TimeUnit.MILLISECONDS.toNanos(20 + i % 3000));
                        }
                    } finally {
                        ready[starter].countDown();
                    }
                });
                threads[starters + s] = Thread.ofPlatform().start(() -> {
                    try {
                        ready[starter].await();
                        for (int i = 0; i < each; i += 2) {
                            if (timers.cancel(started[starter][i])) {
                                cancelled.incrementAndGet();
                            }
                        }
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                });
            }
            for (Thread thread : threads) {
                thread.join();
            }
            long doneNs = System.nanoTime();
            CountDownLatch last = new CountDownLatch(1);
            timers.start(last::countDown, TimeUnit.MILLISECONDS.toNanos(3_200));
            last.await();
            assertTrue(failures.isEmpty(), failures.toString());
            for (long[] mine : started) {
                for (long timer : mine) {
                    assertTrue(timer != TimerScheduler.REFUSED);
                }
            }
            assertEquals(TIMERS, ran.get() + cancelled.get());
            assertTrue(cancelled.get() > 0);
            assertEquals(0, timers.pending());
            System.out.printf("%,d timers started and %,d cancelled by 4 threads in %d ms, %,d fired%n", TIMERS, cancelled.get(),
                    (doneNs - beginNs) / 1_000_000, ran.get());
        }
    }

    @Test
    void shouldAllocateNothingWhenTimersAreStartedCancelledAndRunAfterWarmUp() throws Exception {
        try (TimerScheduler timers = new WheelTimerScheduler(new TimerSettings("no-allocation", 1 << 20))) {
            long thread = threadOf(timers);
            long[] started = new long[1000];
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 12; round++) {
                long before = THREADS.getThreadAllocatedBytes(thread) + THREADS.getCurrentThreadAllocatedBytes();
                startSome(timers, started, 50);
                long after = THREADS.getThreadAllocatedBytes(thread) + THREADS.getCurrentThreadAllocatedBytes();
                if (round >= 2) {
                    least = Math.min(least, after - before);
                }
            }
            // In 100,000 timers; asking costs a little, and waiting for the thread too.
            System.out.printf("%,d bytes allocated for 100,000 timers%n", least);
            assertTrue(least < 10_000, least + " bytes for 100,000 timers");
        }
    }

    private static void startSome(TimerScheduler timers, long[] started, int times) throws InterruptedException {
        for (int time = 0; time < times; time++) {
            for (int i = 0; i < started.length; i++) {
                started[i] = timers.start(NOTHING, HOUR_NS);
                timers.start(NOTHING, 0);
            }
            for (long timer : started) {
                timers.cancel(timer);
            }
        }
        while (timers.pending() > 0) {
            Thread.yield();
        }
    }

    private static long threadOf(TimerScheduler timers) throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        long[] id = new long[1];
        timers.start(() -> {
            id[0] = Thread.currentThread().threadId();
            ran.countDown();
        }, 0);
        ran.await();
        return id[0];
    }

    /** Printed, not asserted tightly: how late a timer is, is for the operating system to say. */
    @Test
    void shouldRunCloseToItsTimeAndNeverBefore() throws Exception {
        int count = 500;
        try (TimerScheduler timers = new WheelTimerScheduler(new TimerSettings("accuracy", 1 << 20))) {
            for (int i = 0; i < 1_000_000 - count; i++) {
                timers.start(NOTHING, HOUR_NS + i * 1000L);
            }
            long[] lateNs = new long[count];
            CountDownLatch all = new CountDownLatch(count);
            for (int i = 0; i < count; i++) {
                int n = i;
                long delayNs = 200_000_000L + i * 1_000_000L;
                long dueNs = System.nanoTime() + delayNs;
                timers.start(() -> {
                    lateNs[n] = System.nanoTime() - dueNs;
                    all.countDown();
                }, delayNs);
            }
            all.await();
            Arrays.sort(lateNs);
            System.out.printf("late by: least %d us, p50 %d us, p99 %d us, most %d us, with a million timers pending%n", lateNs[0] / 1000,
                    lateNs[count / 2] / 1000, lateNs[count * 99 / 100] / 1000, lateNs[count - 1] / 1000);
            assertTrue(lateNs[0] >= 0, "early by " + -lateNs[0] + " ns");
            assertTrue(lateNs[count / 2] < 20_000_000, "half were late by " + lateNs[count / 2] + " ns");
        }
    }
}
