package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.PoolSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** After a burst up to the ceiling was released, everybody gets memory again. */
class RecoveryTest {

    private static final int SLAB = 256 << 10;
    private static final int CEILING = 16 * SLAB;
    private static final long DEADLINE_NS = 10_000_000_000L;

    private final FaultySource source = new FaultySource(PoolContract.systemSource(false));
    private final SlabPoolManager manager = new SlabPoolManager(new PoolSettings(CEILING, SLAB, false), source);
    /** The thread of another confined pool; it lives on without doing anything. */
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void nothingIsLeftMapped() {
        other.close();
        assertEquals(0, manager.gauges().inUseBytes());
        manager.close();
        assertEquals(0, source.mappedBytes());
    }

    private static List<Buffer> takeAll(BufferPool pool, int bytes) {
        List<Buffer> all = new ArrayList<>();
        for (Buffer buffer; (buffer = pool.acquire(bytes)) != null;) {
            all.add(buffer);
        }
        return all;
    }

    private static void assertServes(BufferPool pool, int bytes) {
        Buffer buffer = pool.acquire(bytes);
        assertNotNull(buffer);
        buffer.memory().setMemory(0, buffer.capacity(), (byte) 1);
        buffer.release();
    }

    private <T> T inOther(Callable<T> task) throws InterruptedException, ExecutionException {
        Future<T> result = other.submit(task);
        return result.get();
    }

    @Test
    void shouldServeEveryPoolWhenSharedBurstIsOver() throws Exception {
        for (int bytes : new int[]{256, 3000, 200_000}) {
            takeAll(manager.shared(0), bytes).forEach(Buffer::release);
            assertServes(manager.confined(0), 4096);
            assertServes(manager.shared(0), SLAB);
            assertServes(manager.shared(1), 1000);
            assertServes(inOther(() -> manager.shared(0)), 3 * SLAB);
        }
    }

    @Test
    void shouldServeOthersWhenBurstOfConfinedPoolIsOverAndItsOwnerIsIdle() throws Exception {
        BufferPool theirs = inOther(() -> manager.confined(0));
        for (int bytes : new int[]{256, 4096, 60_000}) {
            inOther(() -> {
                List<Buffer> all = takeAll(theirs, bytes);
                Collections.shuffle(all, new Random(bytes));
                all.forEach(Buffer::release);
                return null;
            });
        }
        BufferPool mine = manager.confined(0);
        List<Buffer> all = takeAll(mine, 4096);
        assertTrue(all.size() * 4096L >= CEILING / 2, all.size() + " buffers");
        all.forEach(Buffer::release);
        assertServes(manager.shared(0), 60_000);
    }

    @Test
    void shouldGiveBackWhenOtherThreadsReleasedAndOwnerAcquiresNext() throws Exception {
        BufferPool mine = manager.confined(0);
        BufferPool theirs = inOther(() -> manager.confined(0));
        List<Buffer> all = inOther(() -> takeAll(theirs, 4096));
        all.forEach(Buffer::release); // waits in the queue of a pool whose owner does nothing
        assertNull(mine.acquire(100));
        awaitServes(mine, 100, () -> assertOtherServes(theirs));
        assertServes(mine, SLAB);
        assertServes(manager.shared(0), 3 * SLAB);
    }

    @Test
    void shouldGiveBackWhenOwnerOnlyHitsItsCache() throws Exception {
        BufferPool mine = manager.confined(0);
        BufferPool theirs = inOther(() -> manager.confined(0));
        List<Buffer> all = inOther(() -> takeAll(theirs, 4096));
        inOther(() -> {
            all.removeLast().release();
            return null;
        });
        all.forEach(Buffer::release);
        awaitServes(mine, SLAB, () -> assertOtherServes(theirs));
    }

    private void assertOtherServes(BufferPool theirs) {
        try {
            other.submit(() -> assertServes(theirs, 4096)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldServeAgainWhenLastSlotOfSpanComesBackAfterFutileLook() {
        for (BufferPool pool : List.of(manager.shared(0), manager.confined(0))) {
            List<Buffer> all = takeAll(pool, 4096);
            List<Buffer> pinning = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                if (i % 16 == 5) {
                    pinning.add(all.get(i));
                } else {
                    all.get(i).release();
                }
            }
            assertNull(pool.acquire(SLAB));
            Buffer last = pinning.removeLast();
            pinning.forEach(Buffer::release);
            awaitServes(pool, SLAB, Thread::onSpinWait);
            last.release();
            awaitServes(pool, CEILING, Thread::onSpinWait);
        }
    }

    /** Tries again and again while the others go on: pressure is raised only now and then. */
    private static void awaitServes(BufferPool pool, int bytes, Runnable goOn) {
        long deadlineNs = System.nanoTime() + DEADLINE_NS;
        Buffer buffer;
        while ((buffer = pool.acquire(bytes)) == null && System.nanoTime() < deadlineNs) {
            goOn.run();
        }
        assertNotNull(buffer);
        buffer.release();
    }

    @Test
    void shouldKeepWorkingSetWhenBurstIsOver() {
        BufferPool mine = manager.confined(0);
        takeAll(mine, 4096).forEach(Buffer::release);
        long misses = manager.gauges().misses();
        for (int i = 0; i < 1000; i++) {
            assertServes(mine, 4096);
        }
        assertEquals(misses, manager.gauges().misses());
    }

    @Test
    void shouldOwnExclusivelyWhenSharedAndConfinedPoolsFightForTheCeiling() throws Exception {
        Future<?> theirs = other.submit(() -> {
            SlotExchange.run(manager.confined(0), false, 1, 40_000);
            return null;
        });
        Thread hog = new Thread(() -> {
            for (int i = 0; i < 200; i++) {
                takeAll(manager.shared(0), 256 << i % 10).forEach(Buffer::release);
            }
        });
        hog.start();
        SlotExchange.run(manager.shared(0), true, 2, 40_000);
        theirs.get();
        hog.join();
        awaitServes(manager.shared(0), SLAB, Thread::onSpinWait);
    }
}
