package io.hioload.executor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

    private final TimerWheel wheel = new TimerWheel();
    private final List<Integer> expired = new ArrayList<>();

    private int advance(long tick) {
        expired.clear();
        return wheel.advance(tick, expired::add);
    }

    @Test
    void shouldExpireAtItsTickAndNotBefore() {
        wheel.link(7, 300);
        assertTrue(wheel.isLinked(7));
        assertEquals(0, advance(299));
        assertEquals(1, advance(300));
        assertEquals(List.of(7), expired);
        assertFalse(wheel.isLinked(7));
        assertEquals(0, wheel.size());
        assertEquals(Long.MAX_VALUE, wheel.nextTick());
    }

    @Test
    void shouldExpireAtOnceWhenTickHasPassed() {
        advance(1_000_000);
        wheel.link(1, 5);
        assertEquals(1_000_000, wheel.nextTick());
        assertEquals(1, advance(1_000_000));
    }

    @Test
    void shouldNotExpireWhenUnlinked() {
        for (int i = 0; i < 10; i++) {
            wheel.link(i, 70_000);
        }
        wheel.unlink(0);
        wheel.unlink(9);
        wheel.unlink(4);
        assertEquals(7, wheel.size());
        assertEquals(7, advance(1L << 40));
        assertFalse(expired.contains(0) || expired.contains(9) || expired.contains(4));
    }

    @Test
    void shouldExpireInOrderOverAllLevels() {
        long[] ticks = {0, 1, 255, 256, 257, 65_535, 65_536, 1 << 24, (1L << 32) + 5, 1L << 40, (1L << 48) - 1};
        for (int i = ticks.length - 1; i >= 0; i--) {
            wheel.link(i, ticks[i]);
        }
        for (int i = 0; i < ticks.length; i++) {
            if (ticks[i] > 0) {
                assertEquals(0, advance(ticks[i] - 1), "before " + ticks[i]);
            }
            assertEquals(1, advance(ticks[i]), "at " + ticks[i]);
            assertEquals(List.of(i), expired);
        }
    }

    @Test
    void shouldKeepTickBeyondTheWheelForItsEnd() {
        wheel.link(0, Long.MAX_VALUE);
        assertEquals(0, advance((1L << 48) - 2));
        assertEquals(1, advance((1L << 48) - 1));
    }

    /** Against a sorted set, with steps from one tick to many at once. */
    @Test
    void shouldAgreeWithASortedSetWhenUsedAtRandom() {
        Random random = new Random(42);
        int entries = 4_000;
        long[] tickOf = new long[entries];
        TreeSet<Integer> expected = new TreeSet<>();
        long now = 0;
        for (int round = 0; round < 20_000; round++) {
            int entry = random.nextInt(entries);
            if (wheel.isLinked(entry)) {
                wheel.unlink(entry);
            }
            tickOf[entry] = now + (random.nextLong() >>> 24 + random.nextInt(39));
            wheel.link(entry, tickOf[entry]);
            if (random.nextInt(4) == 0) {
                now += random.nextLong() >>> 32 + random.nextInt(31);
                long reached = now;
                expected.clear();
                for (int e = 0; e < entries; e++) {
                    if (wheel.isLinked(e) && tickOf[e] <= reached) {
                        expected.add(e);
                    }
                }
                advance(now);
                assertEquals(expected, new TreeSet<>(expired), "round " + round);
                assertEquals(expected.size(), expired.size());
                assertTrue(wheel.nextTick() > now);
            }
        }
    }

    /** Whoever sleeps until the next tick again and again must not miss an expiry. */
    @Test
    void shouldNotSkipAnExpiryWhenAdvancedToTheNextTick() {
        Random random = new Random(7);
        long[] ticks = new long[1000];
        for (int i = 0; i < ticks.length; i++) {
            ticks[i] = random.nextLong() >>> 20;
            wheel.link(i, ticks[i]);
        }
        int steps = 0;
        while (wheel.size() > 0) {
            long next = wheel.nextTick();
            advance(next);
            expired.forEach(entry -> assertEquals(ticks[entry], next));
            steps++;
        }
        assertTrue(steps < 6 * ticks.length, steps + " steps");
    }
}
