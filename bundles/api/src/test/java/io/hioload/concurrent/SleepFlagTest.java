package io.hioload.concurrent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SleepFlagTest {

    private final SleepFlag flag = new SleepFlag();

    @Test
    void shouldGiveTheWakeupToOneProducerWhenConsumerSleeps() {
        assertFalse(flag.takeWakeup());
        flag.fallAsleep();
        assertTrue(flag.takeWakeup());
        assertFalse(flag.takeWakeup());
    }

    @Test
    void shouldGiveNoWakeupWhenConsumerIsAwakeAgain() {
        flag.fallAsleep();
        flag.awake();
        assertFalse(flag.takeWakeup());
    }
}
