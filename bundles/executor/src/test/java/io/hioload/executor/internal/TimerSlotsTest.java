package io.hioload.executor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TimerSlotsTest {

    private static final Runnable TASK = () -> {
    };

    private final TimerSlots slots = new TimerSlots();

    @Test
    void shouldFireOnceWhenAccepted() {
        long timer = slots.open(TASK, 5);
        int slot = slots.takeSent();
        assertEquals((int) timer, slot);
        assertEquals(5, slots.deadlineNs(slot));
        assertTrue(slots.accept(slot));
        assertSame(TASK, slots.fire(slot));
        assertNull(slots.fire(slot));
        assertFalse(slots.cancel(timer));
    }

    @Test
    void shouldNotBeAcceptedWhenCancelledOnItsWay() {
        long timer = slots.open(TASK, 5);
        assertTrue(slots.cancel(timer));
        assertFalse(slots.cancel(timer));
        int slot = slots.takeSent();
        assertFalse(slots.accept(slot));
        slots.free(slot);
        assertFalse(slots.hasSent());
    }

    @Test
    void shouldComeBackWhenCancelledWhileItWaits() {
        long timer = slots.open(TASK, 5);
        int slot = slots.takeSent();
        slots.accept(slot);
        assertTrue(slots.cancel(timer));
        assertNull(slots.fire(slot));
        assertTrue(slots.hasSent());
        assertEquals(slot, slots.takeSent());
        assertFalse(slots.accept(slot));
        slots.free(slot);
    }

    @Test
    void shouldNotCancelTheNextTimerInTheSameSlot() {
        long first = slots.open(TASK, 5);
        int slot = slots.takeSent();
        slots.accept(slot);
        slots.fire(slot);
        long second = slots.open(TASK, 5);
        assertEquals(slot, (int) second);
        assertNotEquals(first, second);
        assertFalse(slots.cancel(first));
        assertTrue(slots.cancel(second));
    }

    @Test
    void shouldRefuseNumbersThatAreNoTimers() {
        assertFalse(slots.cancel(-1));
        assertFalse(slots.cancel(0));
        slots.open(TASK, 1);
        assertFalse(slots.cancel(1L << 32));
        assertFalse(slots.cancel(99_999));
        assertFalse(slots.cancel(Long.MAX_VALUE));
        assertFalse(slots.cancel(Long.MIN_VALUE));
    }

    @Test
    void shouldUseSlotsAgainWhenTheyAreFree() {
        for (int i = 0; i < 100_000; i++) {
            slots.open(TASK, i);
            int slot = slots.takeSent();
            slots.accept(slot);
            slots.fire(slot);
        }
        assertEquals(4096, slots.capacity());
    }
}
