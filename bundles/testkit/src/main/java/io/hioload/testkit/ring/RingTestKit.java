package io.hioload.testkit.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.Batch;
import io.hioload.concurrent.Ring;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * The sanity test that every ring passes: first in first out, bounds, batches, nothing lost, nothing twice, the order of each
 * producer kept, and elements published. A subclass makes the rings and says how many threads may be at each end.
 */
public abstract class RingTestKit {

    private static final int ELEMENTS_PER_PRODUCER = 200_000;

    /** What goes through the rings: a number that is stored before it is offered, by plain writes. */
    private static final class Parcel {
        final int producer;
        int number;
        int check;

        Parcel(int producer) {
            this.producer = producer;
        }
    }

    /** For subclasses. */
    protected RingTestKit() {
    }

    /**
     * Makes an empty ring.
     *
     * @param <E>           what it carries
     * @param capacitySlots at least 4
     * @return a ring that nobody else uses
     */
    protected abstract <E> Ring<E> ring(int capacitySlots);

    /**
     * How many threads may offer at once.
     *
     * @return 1, or as many as are worth testing
     */
    protected abstract int producers();

    /**
     * How many threads may take at once.
     *
     * @return 1, or as many as are worth testing
     */
    protected abstract int consumers();

    @Test
    void shouldGiveElementsInOrderWhenPolled() {
        Ring<String> ring = ring(4);
        assertTrue(ring.isEmpty());
        assertNull(ring.poll());
        assertTrue(ring.offer("a"));
        assertTrue(ring.offer("b"));
        assertFalse(ring.isEmpty());
        assertEquals(2, ring.size());
        assertEquals("a", ring.poll());
        assertEquals("b", ring.poll());
        assertNull(ring.poll());
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldRefuseWhenFullAndTakeAgainWhenNot() {
        Ring<Integer> ring = ring(5);
        assertEquals(8, ring.capacity());
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 8; i++) {
                assertTrue(ring.offer(i), "element " + i);
            }
            assertFalse(ring.offer(8));
            assertEquals(8, ring.size());
            assertEquals(0, ring.poll());
            assertTrue(ring.offer(8));
            for (int i = 1; i <= 8; i++) {
                assertEquals(i, ring.poll());
            }
        }
    }

    @Test
    void shouldRefuseNull() {
        Ring<String> ring = ring(4);
        assertThrows(NullPointerException.class, () -> ring.offer(null));
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldFillBatchWhenDrained() {
        Ring<Integer> ring = ring(16);
        for (int i = 0; i < 10; i++) {
            ring.offer(i);
        }
        Batch<Integer> batch = new Batch<>(7);
        batch.add(-1);
        assertEquals(6, ring.drain(batch));
        assertEquals(7, batch.size());
        for (int i = 0; i < 7; i++) {
            assertEquals(i - 1, batch.get(i));
        }
        batch.clear();
        assertEquals(4, ring.drain(batch));
        assertEquals(0, ring.drain(batch));
        assertEquals(9, batch.get(3));
    }

    @Test
    void shouldTakeWhatFitsWhenFilledFromBatch() {
        Ring<Integer> ring = ring(8);
        Batch<Integer> batch = new Batch<>(12);
        for (int i = 0; i < 12; i++) {
            batch.add(i);
        }
        assertEquals(8, ring.fill(batch));
        assertEquals(4, batch.size());
        assertEquals(8, batch.get(0));
        assertEquals(0, ring.fill(batch));
        for (int i = 0; i < 8; i++) {
            assertEquals(i, ring.poll());
        }
        assertEquals(4, ring.fill(batch));
        assertEquals(0, batch.size());
        assertEquals(8, ring.poll());
    }

    @Test
    void shouldForgetElementsWhenTaken() {
        Ring<Object> ring = ring(4);
        Object element = new Object();
        for (int i = 0; i < 20; i++) {
            assertTrue(ring.offer(element));
            assertSame(element, ring.poll());
        }
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldLoseNothingAndKeepEachProducersOrderWhenPolledByManyThreads() throws Exception {
        exchange(false);
    }

    @Test
    void shouldLoseNothingAndKeepEachProducersOrderWhenDrainedByManyThreads() throws Exception {
        exchange(true);
    }

    private void exchange(boolean batched) throws InterruptedException {
        Ring<Parcel> ring = ring(256);
        int producers = producers();
        int total = producers * ELEMENTS_PER_PRODUCER;
        AtomicInteger taken = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        BitSet[][] seen = new BitSet[consumers()][producers];
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            threads.add(guarded(failure, () -> produce(ring, producer, failure)));
        }
        for (int c = 0; c < consumers(); c++) {
            BitSet[] mine = seen[c];
            threads.add(guarded(failure, () -> consume(ring, batched, total, taken, mine, failure)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        assertTrue(ring.isEmpty());
        for (int p = 0; p < producers; p++) {
            int[] times = new int[1];
            BitSet all = new BitSet();
            for (BitSet[] consumer : seen) {
                times[0] += consumer[p].cardinality();
                all.or(consumer[p]);
            }
            assertArrayEquals(new int[]{ELEMENTS_PER_PRODUCER}, times, "elements of producer " + p + " that were taken twice");
            assertEquals(ELEMENTS_PER_PRODUCER, all.cardinality(), "elements of producer " + p);
        }
    }

    private static Thread guarded(AtomicReference<Throwable> failure, Runnable body) {
        return Thread.ofPlatform().daemon().unstarted(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    private static void produce(Ring<Parcel> ring, int producer, AtomicReference<Throwable> failure) {
        for (int i = 0; i < ELEMENTS_PER_PRODUCER; i++) {
            Parcel parcel = new Parcel(producer);
            parcel.number = i;
            parcel.check = ~i;
            while (!ring.offer(parcel)) {
                if (failure.get() != null) {
                    return;
                }
                Thread.yield();
            }
        }
    }

    private static void consume(Ring<Parcel> ring, boolean batched, int total, AtomicInteger taken, BitSet[] seen,
            AtomicReference<Throwable> failure) {
        int[] last = new int[seen.length];
        for (int p = 0; p < seen.length; p++) {
            seen[p] = new BitSet(ELEMENTS_PER_PRODUCER);
            last[p] = -1;
        }
        Batch<Parcel> batch = new Batch<>(32);
        while (taken.get() < total && failure.get() == null) {
            if (batched) {
                ring.drain(batch);
            } else {
                Parcel parcel = ring.poll();
                if (parcel != null) {
                    batch.add(parcel);
                }
            }
            for (int i = 0; i < batch.size(); i++) {
                Parcel parcel = batch.get(i);
                assertEquals(~parcel.number, parcel.check, "published");
                assertTrue(parcel.number > last[parcel.producer], "order of producer " + parcel.producer);
                last[parcel.producer] = parcel.number;
                seen[parcel.producer].set(parcel.number);
            }
            taken.addAndGet(batch.size());
            if (batch.size() == 0) {
                Thread.yield();
            }
            batch.clear();
        }
    }
}
