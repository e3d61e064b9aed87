package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfinedPoolTest extends PoolContract {

    private BufferPool pool;

    @Override
    BufferPool pool() {
        pool = manager.confined(0);
        return pool;
    }

    @Test
    void shouldThrowWhenAnotherThreadAcquires() throws InterruptedException {
        BufferPool mine = pool();
        Throwable[] thrown = new Throwable[1];
        inThread(() -> thrown[0] = assertThrows(IllegalStateException.class, () -> mine.acquire(1)));
        assertTrue(thrown[0].getMessage().contains(Thread.currentThread().getName()), thrown[0].getMessage());
    }

    @Test
    void shouldGiveHottestSlotFirst() {
        BufferPool mine = pool();
        Buffer first = mine.acquire(1000);
        Buffer second = mine.acquire(1000);
        first.release();
        second.release();
        assertSame(second, mine.acquire(1000));
        assertSame(first, mine.acquire(1000));
        first.release();
        second.release();
    }

    @Test
    void shouldUseSlotsAgainWhenAnotherThreadReleasedThem() throws InterruptedException {
        BufferPool mine = pool();
        List<Buffer> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(assertAcquired(mine, SLAB));
        }
        assertNull(mine.acquire(SLAB));
        inThread(() -> all.forEach(Buffer::release));
        assertEquals(0, manager.gauges().inUseBuffers());
        for (int i = 0; i < 4; i++) {
            assertTrue(all.contains(assertAcquired(mine, SLAB)));
        }
        assertEquals(4, manager.gauges().misses());
        assertEquals(4, manager.gauges().hits());
        all.forEach(Buffer::release);
    }

    @Test
    void shouldCutFreeMemoryAnewWhenCeilingIsReachedByOtherSizes() {
        BufferPool mine = pool();
        List<Buffer> all = new ArrayList<>();
        for (int i = 0; i < 4 * SLAB / 256; i++) {
            all.add(assertAcquired(mine, 256));
        }
        Buffer held = all.removeFirst(); // pins one span, and so one slab
        all.forEach(Buffer::release);
        all.clear();
        for (int i = 0; i < 3; i++) {
            all.add(assertAcquired(mine, SLAB));
        }
        assertNull(mine.acquire(SLAB));
        all.forEach(Buffer::release);
        all.clear();
        all.add(held);
        for (int i = 0; i < 4 * SLAB / 1024 - 64; i++) {
            all.add(assertAcquired(mine, 1024));
        }
        assertEquals(all.size(), all.stream().mapToLong(Buffer::address).distinct().count());
        all.forEach(Buffer::release);
    }

    @Test
    void shouldUnmapFreeSlabsWhenLargerBufferNeedsTheRoom() {
        BufferPool mine = pool();
        List<Buffer> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(assertAcquired(mine, SLAB));
        }
        all.forEach(Buffer::release);
        Buffer large = assertAcquired(mine, 3 * SLAB);
        assertTrue(source.mappedBytes() <= 4L * SLAB);
        large.release();
        assertAcquired(mine, SLAB).release();
    }

    @Test
    void shouldTakeOverCacheWhenItsThreadHasEnded() throws InterruptedException {
        BufferPool[] theirs = new BufferPool[1];
        Buffer[] held = new Buffer[1];
        inThread(() -> {
            theirs[0] = manager.confined(0);
            theirs[0].acquire(100).release();
            held[0] = theirs[0].acquire(100);
        });
        assertNotSame(theirs[0], manager.confined(1));
        BufferPool mine = pool();
        assertSame(theirs[0], mine);
        assertNotSame(mine, manager.confined(0));
        held[0].release();
        assertSame(held[0], mine.acquire(100));
        held[0].release();
    }

    @Test
    void shouldLeakNothingWhenThreadEndedBeforeClose() throws InterruptedException {
        inThread(() -> {
            BufferPool theirs = manager.confined(0);
            for (int i = 0; i < 100; i++) {
                theirs.acquire(4096).release();
            }
        });
        assertEquals(0, manager.gauges().inUseBuffers());
        assertEquals(SLAB, manager.gauges().mappedBytes());
    }

    @Test
    void shouldOwnExclusivelyWhenOtherThreadsRelease() throws InterruptedException {
        SlotExchange.run(pool(), false, 3, 100_000);
    }

    @Test
    void shouldShowStateOfEachPool() {
        pool().acquire(100).release();
        var state = manager.probe();
        assertEquals("pool", manager.probeName());
        assertEquals(1, ((List<?>) state.get("confined")).size());
        assertTrue(state.get("confined").toString().contains("slotBytes=256, slots=256, inUse=0"), state.toString());
        assertEquals("off", state.get("hugePages"));
    }

    private static void inThread(Runnable task) throws InterruptedException {
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
    }
}
