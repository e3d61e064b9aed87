package io.hioload.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SendQueuesTest {

    private final Arena arena = Arena.ofAuto();

    private Buffer buffer() {
        return new Buffer(b -> {
        }, arena.allocate(16, 8).address(), 16, 0);
    }

    @Test
    void shouldKeepOrderWhenPartsAreSent() {
        SendQueues queues = new SendQueues(2);
        Buffer a = buffer();
        Buffer b = buffer();
        queues.add(1, a, 3, 10);
        queues.add(1, b, 0, 5);
        int first = queues.first(1);
        queues.advance(first, 4);
        assertEquals(7, queues.offset(first));
        assertEquals(6, queues.length(first));
        assertSame(b, queues.buffer(queues.after(first)));
        assertEquals(-1, queues.after(queues.after(first)));
        assertSame(a, queues.remove(1));
        assertSame(b, queues.remove(1));
        assertTrue(queues.isEmpty(1));
        assertEquals(0, queues.size());
    }

    @Test
    void shouldHoldOneBufferInManyQueues() {
        SendQueues queues = new SendQueues(1);
        queues.grow(1000);
        Buffer shared = buffer();
        for (int slot = 0; slot < 1000; slot++) {
            queues.add(slot, shared, slot % 7, 9);
        }
        for (int slot = 999; slot >= 0; slot--) {
            assertEquals(slot % 7, queues.offset(queues.first(slot)));
            assertSame(shared, queues.remove(slot));
        }
    }

    @Test
    void shouldDoAsAModelDoesWhenUsedAtRandom() {
        Random random = new Random(42);
        int slots = 16;
        SendQueues queues = new SendQueues(slots);
        List<ArrayDeque<Buffer>> model = new ArrayList<>();
        for (int i = 0; i < slots; i++) {
            model.add(new ArrayDeque<>());
        }
        int size = 0;
        for (int step = 0; step < 100_000; step++) {
            int slot = random.nextInt(slots);
            if (random.nextInt(100) < 52) {
                Buffer buffer = buffer();
                queues.add(slot, buffer, 0, 1);
                model.get(slot).add(buffer);
                size++;
            } else if (!model.get(slot).isEmpty()) {
                assertSame(model.get(slot).remove(), queues.remove(slot));
                size--;
            }
            assertEquals(model.get(slot).isEmpty(), queues.isEmpty(slot));
            assertEquals(size, queues.size());
        }
        assertFalse(size == 0);
    }
}
