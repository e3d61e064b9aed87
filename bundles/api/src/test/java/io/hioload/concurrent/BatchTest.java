package io.hioload.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BatchTest {

    @Test
    void shouldRefuseWhenFullAndBeUsableAgainWhenCleared() {
        Batch<String> batch = new Batch<>(2);
        assertTrue(batch.add("a"));
        assertTrue(batch.add("b"));
        assertFalse(batch.add("c"));
        assertEquals("a", batch.get(0));
        assertEquals("b", batch.get(1));
        batch.clear();
        assertEquals(0, batch.size());
        assertEquals(null, batch.get(0));
        assertTrue(batch.add("d"));
        assertEquals("d", batch.get(0));
        assertEquals(2, batch.capacity());
    }
}
