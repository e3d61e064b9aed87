package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.Batch;
import org.junit.jupiter.api.Test;

class MpscRingTest {

    @Test
    void shouldRefuseWhenFullAndKeepTheOrder() {
        MpscRing<Integer> ring = new MpscRing<>(8);
        assertEquals(8, ring.capacity());
        assertTrue(ring.isEmpty());
        for (int i = 0; i < 8; i++) {
            assertTrue(ring.offer(i));
        }
        assertFalse(ring.offer(8));
        Batch<Integer> batch = new Batch<>(5);
        assertEquals(5, ring.drain(batch));
        assertEquals(0, ring.drain(batch));
        assertTrue(ring.offer(8));
        for (int i = 0; i < 5; i++) {
            assertEquals(i, batch.get(i));
        }
        batch.clear();
        assertEquals(4, ring.drain(batch));
        assertEquals(8, batch.get(3));
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldLoseNothingAndKeepEachProducersOrderWhenManyOffer() throws Exception {
        int producers = 3;
        int each = 200_000;
        MpscRing<Long> ring = new MpscRing<>(256);
        for (int p = 0; p < producers; p++) {
            long first = (long) p << 32;
            Thread.ofPlatform().daemon(true).start(() -> {
                for (long i = first; i < first + each;) {
                    if (ring.offer(i)) {
                        i++;
                    } else {
                        Thread.onSpinWait();
                    }
                }
            });
        }
        Batch<Long> batch = new Batch<>(64);
        int[] next = new int[producers];
        long beganNs = System.nanoTime();
        for (int left = producers * each; left > 0; left -= batch.size()) {
            batch.clear();
            ring.drain(batch);
            for (int i = 0; i < batch.size(); i++) {
                long element = batch.get(i);
                assertEquals(next[(int) (element >>> 32)]++, (int) element);
            }
            assertTrue(System.nanoTime() - beganNs < 30_000_000_000L, left + " are missing");
        }
        assertTrue(ring.isEmpty());
    }
}
