package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.IdlePolicy;
import org.junit.jupiter.api.Test;

class IdleWaitTest {

    @Test
    void shouldBlockAtOnceWhenBalanced() {
        IdleWait wait = new IdleWait(IdlePolicy.BALANCED, true);
        assertTrue(wait.idle(0));
        assertFalse(wait.gather());
    }

    @Test
    void shouldSpinAndYieldAnewAfterWorkBeforeItBlocks() {
        IdleWait wait = new IdleWait(new IdlePolicy(100, 50, 0), true);
        assertFalse(wait.idle(1_000));
        assertFalse(wait.idle(1_149));
        assertTrue(wait.idle(1_150));
        wait.worked();
        assertFalse(wait.idle(1_151));
    }

    @Test
    void shouldNeverBlockWhenTheTransportCannot() {
        IdleWait wait = new IdleWait(IdlePolicy.BALANCED, false);
        assertFalse(wait.idle(0));
        assertFalse(wait.idle(Long.MAX_VALUE));
    }

    @Test
    void shouldGatherWhenEfficient() {
        assertTrue(new IdleWait(IdlePolicy.EFFICIENT, true).gather());
    }
}
