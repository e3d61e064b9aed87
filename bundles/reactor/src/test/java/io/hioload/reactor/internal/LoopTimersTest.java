package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoopTimersTest {

    private static final long TICK_NS = 1L << 20;

    private final LoopCounters count = new LoopCounters(new Counters());

    @Test
    void shouldBeIdleForEverWithoutTimers() {
        LoopTimers timers = new LoopTimers(77, 16);
        assertEquals(Long.MAX_VALUE, timers.idleNs(1000));
        assertEquals(0, timers.run(1L << 50, count));
    }

    /** A clock that is moved by as much as the reactor would sleep: few timers, then so many that they are not searched. */
    @Test
    void shouldRunEachTimerOnceNeverEarlyAndWithinATickWhenItSleepsBetween() {
        run(500, 10_000_000_000L);
        run(10_000, 10_000_000_000L);
        run(3, 3_600_000_000_000L * 24 * 365);
    }

    private void run(int number, long mostNs) {
        Random random = new Random(11);
        long[] now = {987_654_321};
        LoopTimers timers = new LoopTimers(now[0], 64);
        int[] ran = new int[1];
        List<LoopTimer> cancelled = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            long dueNs = now[0] + random.nextLong(mostNs);
            LoopTimer timer = new LoopTimer(null, () -> {
                long lateNs = now[0] - dueNs;
                // Many at once are run in batches, each in a turn of its own at the same time of this clock.
                assertTrue(lateNs >= 0 && lateNs <= TICK_NS, "late by " + lateNs);
                ran[0]++;
            }, dueNs);
            timers.arm(timer);
            if (i % 3 == 2) {
                cancelled.add(timer);
            }
        }
        cancelled.forEach(timers::disarm);
        int sleeps = 0;
        for (long idleNs; (idleNs = timers.idleNs(now[0])) != Long.MAX_VALUE; sleeps++) {
            now[0] += idleNs;
            timers.run(now[0], count);
        }
        assertEquals(number - cancelled.size(), ran[0]);
        assertEquals(0, timers.size());
        assertEquals(0, count.taskFailures.get());
        assertTrue(sleeps < 20_000, "sleeps " + sleeps);
    }

    @Test
    void shouldRunInTheNextTurnWhatATimerSetsForAtOnce() {
        LoopTimers timers = new LoopTimers(0, 64);
        int[] ran = new int[1];
        timers.arm(new LoopTimer(null, () -> timers.arm(new LoopTimer(null, () -> ran[0]++, 5_000_000)), 5_000_000));
        assertEquals(1, timers.run(6_000_000, count));
        assertEquals(0, ran[0]);
        assertEquals(0, timers.idleNs(6_000_000));
        assertEquals(1, timers.run(6_000_001, count));
        assertEquals(1, ran[0]);
    }
}
