package io.hioload.executor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.Cancelable;
import io.hioload.concurrent.TimerScheduler;
import io.hioload.concurrent.TimerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WheelTimerSchedulerTest {

    private static final long MS = 1_000_000;
    private static final Runnable NOTHING = () -> {
    };

    private final TimerScheduler timers = new WheelTimerScheduler(new TimerSettings("test-timers", 1 << 16));

    @AfterEach
    void close() {
        timers.close();
    }

    @Test
    void shouldRunOnItsOwnThreadAndNotBeforeItsTime() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        long[] at = new long[1];
        String[] thread = new String[1];
        long before = System.nanoTime();
        timers.start(() -> {
            at[0] = System.nanoTime();
            thread[0] = Thread.currentThread().getName();
            ran.countDown();
        }, 5 * MS);
        ran.await();
        assertTrue(at[0] - before >= 5 * MS, at[0] - before + " ns");
        assertEquals("test-timers", thread[0]);
    }

    @Test
    void shouldRunEarlierTimerFirstWhenItIsStartedLater() throws Exception {
        List<String> ran = new ArrayList<>();
        CountDownLatch both = new CountDownLatch(2);
        timers.start(() -> {
            ran.add("late");
            both.countDown();
        }, 60 * MS);
        timers.start(() -> {
            ran.add("early");
            both.countDown();
        }, MS);
        both.await();
        assertEquals(List.of("early", "late"), ran);
    }

    @Test
    void shouldNotRunWhenCancelled() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch later = new CountDownLatch(1);
        long timer = timers.start(ran::incrementAndGet, 20 * MS);
        timers.start(later::countDown, 40 * MS);
        assertTrue(timers.cancel(timer));
        assertFalse(timers.cancel(timer));
        later.await();
        assertEquals(0, ran.get());
        assertEquals(0, timers.pending());
    }

    @Test
    void shouldTellThatItIsTooLateWhenCancelledAfterItRan() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        Cancelable timer = timers.schedule(ran::countDown, 0);
        ran.await();
        assertFalse(timer.cancel());
    }

    @Test
    void shouldStartAndCancelFromATask() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        AtomicInteger wrong = new AtomicInteger();
        timers.start(() -> {
            long never = timers.start(wrong::incrementAndGet, MS);
            timers.cancel(never);
            timers.start(ran::countDown, 2 * MS);
        }, 0);
        ran.await();
        assertEquals(0, wrong.get());
    }

    @Test
    void shouldGoOnWhenATaskFailsOrIsInterrupted() throws Exception {
        Logger log = Logger.getLogger(WheelTimerScheduler.class.getName());
        log.setLevel(Level.OFF);
        try {
            CountDownLatch ran = new CountDownLatch(1);
            timers.start(() -> {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("on purpose");
            }, 0);
            timers.start(ran::countDown, 3 * MS);
            ran.await();
            assertEquals(1L, timers.probe().get("failures"));
        } finally {
            log.setLevel(null);
        }
    }

    @Test
    void shouldRefuseAndCountWhenThereAreTooMany() {
        timers.maxTimers(2);
        long first = timers.start(NOTHING, TimeUnit.HOURS.toNanos(1));
        timers.start(NOTHING, TimeUnit.HOURS.toNanos(1));
        assertEquals(TimerScheduler.REFUSED, timers.start(NOTHING, 0));
        assertThrows(RejectedExecutionException.class, () -> timers.schedule(NOTHING, 0));
        assertEquals(2L, timers.probe().get("refused"));
        assertEquals(2, timers.pending());
        assertTrue(timers.cancel(first));
        timers.maxTimers(3);
        assertTrue(timers.start(NOTHING, 0) != TimerScheduler.REFUSED);
        assertThrows(IllegalArgumentException.class, () -> timers.maxTimers(0));
        assertThrows(IllegalArgumentException.class, () -> timers.start(NOTHING, -1));
    }

    /** Cancelled ones come back although the thread has nothing to do for an hour. */
    @Test
    void shouldNotFillUpWhenTimersAreCancelledAgainAndAgain() {
        for (int i = 0; i < 1_000_000; i++) {
            long timer = timers.start(NOTHING, TimeUnit.HOURS.toNanos(1));
            if (timer == TimerScheduler.REFUSED) {
                // Full of cancelled ones: the refusal has woken the thread.
                Thread.yield();
            } else {
                assertTrue(timers.cancel(timer));
            }
        }
        assertEquals(0, timers.pending());
        assertTrue((int) timers.probe().get("slots") <= 1 << 16);
    }

    @Test
    void shouldAcceptTheLongestDelay() {
        long timer = timers.start(NOTHING, Long.MAX_VALUE);
        assertTrue(timers.cancel(timer));
    }

    @Test
    void shouldEndItsThreadAndRefuseWhenClosed() {
        timers.start(NOTHING, TimeUnit.HOURS.toNanos(1));
        timers.close();
        timers.close();
        assertEquals(TimerScheduler.REFUSED, timers.start(NOTHING, 0));
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().equals("test-timers")));
    }
}
