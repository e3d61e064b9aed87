package io.hioload.testkit.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.TimerScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {

    private final ManualClock clock = new ManualClock(Long.MAX_VALUE - 50);
    private final ManualScheduler timers = new ManualScheduler(clock);
    private final List<String> ran = new ArrayList<>();

    private Runnable note(String what) {
        return () -> ran.add(what);
    }

    @Test
    void shouldRunInOrderOfTimeWhenTheClockIsTurned() {
        timers.start(note("b"), 200);
        timers.start(note("a"), 100);
        timers.start(note("b2"), 200);
        assertEquals(List.of(100L, 200L, 200L), timers.delaysNs());
        assertEquals(0, timers.advance(99));
        assertEquals(1, timers.advance(1));
        assertEquals(2, timers.advance(1000));
        assertEquals(List.of("a", "b", "b2"), ran);
        assertEquals(Long.MAX_VALUE - 50 + 1100, clock.nowNs());
    }

    @Test
    void shouldRunWhatTasksStartOnTheWay() {
        timers.start(() -> timers.start(note("second"), 10), 10);
        timers.advance(20);
        assertEquals(List.of("second"), ran);
    }

    @Test
    void shouldCancelAndRefuse() {
        long timer = timers.start(note("never"), 5);
        assertTrue(timers.cancel(timer));
        assertFalse(timers.cancel(timer));
        assertTrue(timers.schedule(note("never"), 5).cancel());
        timers.maxTimers(1);
        timers.start(note("one"), 5);
        assertEquals(TimerScheduler.REFUSED, timers.start(note("two"), 5));
        assertThrows(RejectedExecutionException.class, () -> timers.schedule(note("two"), 5));
        timers.advance(10);
        assertEquals(List.of("one"), ran);
        timers.close();
        assertEquals(TimerScheduler.REFUSED, timers.start(note("late"), 5));
        assertEquals(3L, timers.probe().get("refused"));
    }

    @Test
    void shouldNotTurnTheClockBack() {
        assertThrows(IllegalArgumentException.class, () -> clock.advance(-1));
        assertEquals(clock.nowNs(), clock.getAsLong());
    }
}
