package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineSweepTest {

    private static final long TICK_NS = 1L << DeadlineSweep.TICK_SHIFT;

    @Test
    void shouldNotReadWhenNothingIsSet() {
        DeadlineSweep sweep = new DeadlineSweep(5, 10);
        assertEquals(Long.MAX_VALUE, sweep.idleNs(1_000_000));
        assertEquals(0, sweep.sweep(1L << 40, 10, slot -> {
            throw new AssertionError("slot " + slot);
        }));
    }

    /** Slots in one pass, simulated over twenty seconds of a reactor that sleeps as long as it may. */
    @Test
    void shouldNeverBeEarlyAndAtMostTwoTicksLateWhenSlotsAreFew() {
        run(1000, 2 * TICK_NS + 1);
    }

    @Test
    void shouldBeAtMostAboutASecondLateWhenSlotsAreMany() {
        run(1_000_000, 20 * TICK_NS);
    }

    private static void run(int slots, long mostLateNs) {
        Random random = new Random(7);
        long startNs = 123_456_789;
        DeadlineSweep sweep = new DeadlineSweep(startNs, 1);
        sweep.fit(slots);
        long[] due = new long[slots];
        long[] now = {startNs};
        Arrays.fill(due, Long.MAX_VALUE);
        for (int slot = 0; slot < slots; slot++) {
            long delayNs = random.nextLong(10_000_000_000L);
            due[slot] = now[0] + delayNs;
            sweep.set(slot, now[0], delayNs);
            if (slot % 5 == 0) {
                sweep.clear(slot);
                due[slot] = Long.MAX_VALUE;
            }
        }
        int[] expired = new int[1];
        while (true) {
            long idleNs = sweep.idleNs(now[0]);
            if (idleNs == Long.MAX_VALUE) {
                break;
            }
            now[0] += idleNs;
            sweep.sweep(now[0], slots, slot -> {
                long lateNs = now[0] - due[slot];
                assertTrue(lateNs >= 0 && lateNs <= mostLateNs, slot + " late by " + lateNs);
                due[slot] = Long.MAX_VALUE;
                expired[0]++;
            });
        }
        assertEquals(slots - (slots + 4) / 5, expired[0]);
        assertTrue(Arrays.stream(due).allMatch(d -> d == Long.MAX_VALUE));
    }

    @Test
    void shouldCountAStallOfTheReactorAsOneTick() {
        DeadlineSweep sweep = new DeadlineSweep(0, 1);
        sweep.set(0, 0, 10 * TICK_NS);
        long nowNs = 100 * TICK_NS;
        sweep.stalled(nowNs);
        assertEquals(0, sweep.sweep(nowNs, 1, slot -> {
            throw new AssertionError("early");
        }));
        assertEquals(1, sweep.sweep(nowNs + 10 * TICK_NS, 1, slot -> {
        }));
    }

    @Test
    void shouldTakeALaterDeadlineInPlaceOfAnEarlierOne() {
        DeadlineSweep sweep = new DeadlineSweep(0, 1);
        sweep.set(0, 0, TICK_NS);
        sweep.set(0, 0, 100 * TICK_NS);
        assertEquals(0, sweep.sweep(50 * TICK_NS, 1, slot -> {
            throw new AssertionError("early");
        }));
        assertEquals(1, sweep.sweep(102 * TICK_NS, 1, slot -> {
        }));
    }
}
