package io.hioload.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoadScheduleTest {

    /** 3 connections, a message every 100 ns, from 1,000 to 2,000. */
    private static final LoadSchedule SCHEDULE = new LoadSchedule(1_000, 1_500, 2_000, 3, 100);

    @Test
    void shouldDealMessagesOutOverConnectionsInTurn() {
        assertEquals(1_000, SCHEDULE.dueNs(0, 0));
        assertEquals(1_100, SCHEDULE.dueNs(0, 1));
        assertEquals(1_200, SCHEDULE.dueNs(0, 2));
        assertEquals(1_300, SCHEDULE.dueNs(1, 0));
    }

    @Test
    void shouldCountWhatIsDueAsItsDueTimesSay() {
        LoadSchedule uneven = new LoadSchedule(-7, 0, 100_000, 7, 1e9 / 30_000_000);
        for (int connection = 0; connection < 7; connection++) {
            long due = 0;
            for (long nowNs = -7; nowNs < 101_000; nowNs += 13) {
                while (uneven.dueNs(due, connection) < Math.min(nowNs, 100_000)) {
                    due++;
                }
                assertEquals(due, uneven.dueBefore(nowNs, connection), "at " + nowNs);
            }
        }
    }

    @Test
    void shouldMeasureWithinItsWindow() {
        assertFalse(SCHEDULE.isMeasured(1_499));
        assertTrue(SCHEDULE.isMeasured(1_500));
        assertTrue(SCHEDULE.isMeasured(1_999));
        assertFalse(SCHEDULE.isMeasured(2_000));
        assertTrue(SCHEDULE.isOver(2_000));
    }
}
