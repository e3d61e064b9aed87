package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is not needed goes back to the system: by itself, on request, and below a lowered ceiling. */
class TrimTest {

    private static final int SLAB = 256 << 10;
    private static final long CEILING = 64L * SLAB;
    /** So long that the keeper does nothing while a test runs: the test ends the windows. */
    private static final long NEVER_HERE_NS = 3_600_000_000_000L;

    private final FaultySource source = new FaultySource(PoolContract.systemSource(false));
    private final SlabPoolManager manager = new SlabPoolManager(settings(CEILING, NEVER_HERE_NS), source);

    private static PoolSettings settings(long ceilingBytes, long trimAfterNs) {
        return new PoolSettings(ceilingBytes, SLAB, false, trimAfterNs);
    }

    @AfterEach
    void nothingIsLeftMapped() {
        manager.close();
        assertEquals(0, source.mappedBytes());
    }

    private static List<Buffer> take(BufferPool pool, int bytes, int count) {
        List<Buffer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(PoolContract.assertAcquired(pool, bytes));
        }
        return all;
    }

    /** A window in which the owner does what it is given to do. */
    private void window(BufferPool pool, Runnable work) {
        work.run();
        manager.look(false);
        work.run();
        manager.look(true);
        pool.tend();
    }

    @Test
    void shouldGiveBackWhatConfinedCacheDidNotNeedForTwoWindows() {
        BufferPool pool = manager.confined(0);
        window(pool, () -> take(pool, 4096, 512).forEach(Buffer::release));
        Runnable small = () -> take(pool, 4096, 20).forEach(Buffer::release);
        assertEquals(8L * SLAB, source.mappedBytes());
        window(pool, small);
        assertEquals(8L * SLAB, source.mappedBytes(), "it was needed in the window before");
        for (int i = 0; i < 4; i++) {
            window(pool, small);
        }
        assertTrue(source.mappedBytes() <= 2L * SLAB, source.mappedBytes() + " bytes");
        long misses = manager.gauges().misses();
        for (int i = 0; i < 10; i++) {
            window(pool, small);
        }
        assertEquals(misses, manager.gauges().misses(), "what is needed stays");
        assertEquals(8L * SLAB, manager.gauges().trimmedBytes() + source.mappedBytes());
        assertTrue(manager.gauges().freeBytes() <= 2L * SLAB);
    }

    @Test
    void shouldGiveBackWhatSharedPoolDidNotNeedForTwoWindows() {
        BufferPool pool = manager.shared(0);
        take(pool, 4096, 512).forEach(Buffer::release);
        List<Buffer> held = take(pool, 4096, 3);
        for (int i = 0; i < 6; i++) {
            window(pool, () -> manager.look(false));
        }
        assertTrue(source.mappedBytes() <= 3L * SLAB, source.mappedBytes() + " bytes");
        held.forEach(Buffer::release);
    }

    @Test
    void shouldGiveBackAllWhenOwnerIsIdleAndTends() {
        BufferPool pool = manager.confined(0);
        take(pool, 4096, 100).forEach(Buffer::release);
        for (int i = 0; i < 6; i++) {
            window(pool, pool::tend);
        }
        assertEquals(0, source.mappedBytes());
        take(pool, 4096, 1).forEach(Buffer::release);
    }

    @Test
    void shouldDoItByItselfWhenTimeIsShort() {
        manager.configure(settings(CEILING, 40_000_000));
        BufferPool shared = manager.shared(0);
        BufferPool mine = manager.confined(0);
        take(shared, 4096, 200).forEach(Buffer::release);
        take(mine, 4096, 200).forEach(Buffer::release);
        long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (source.mappedBytes() != 0 && System.nanoTime() < deadlineNs) {
            mine.tend();
        }
        assertEquals(0, source.mappedBytes());
    }

    @Test
    void shouldKeepEverythingWhenTimeIsZero() {
        manager.configure(settings(CEILING, 0));
        BufferPool shared = manager.shared(0);
        take(shared, 4096, 200).forEach(Buffer::release);
        long before = source.mappedBytes();
        for (int i = 0; i < 20; i++) {
            manager.look(true);
        }
        assertEquals(before, source.mappedBytes());
    }

    @Test
    void shouldUnmapAtOnceWhenAsked() {
        BufferPool shared = manager.shared(0);
        BufferPool mine = manager.confined(0);
        take(shared, 4096, 128).forEach(Buffer::release);
        take(mine, 4096, 128).forEach(Buffer::release);
        assertEquals(4L * SLAB, source.mappedBytes());
        assertEquals(2L * SLAB, manager.trim());
        assertEquals(2L * SLAB, source.mappedBytes(), "the cache is its owner's");
        mine.tend();
        assertEquals(2L * SLAB, manager.trim());
        assertEquals(0, source.mappedBytes());
        assertEquals(0, manager.trim());
        assertEquals(4L * SLAB, manager.gauges().trimmedBytes());
    }

    @Test
    void shouldShrinkWhileBuffersAreOutWhenCeilingIsLowered() {
        BufferPool pool = manager.confined(0);
        List<Buffer> all = take(pool, SLAB, 64);
        assertNull(pool.acquire(1));
        manager.configure(settings(2L * SLAB, NEVER_HERE_NS));
        assertEquals(CEILING, manager.gauges().mappedBytes());
        assertNull(pool.acquire(SLAB));
        assertEquals(2L * SLAB, manager.gauges().ceilingBytes());
        all.forEach(Buffer::release);
        manager.look(false);
        pool.tend();
        manager.look(false);
        assertTrue(source.mappedBytes() <= 2L * SLAB, source.mappedBytes() + " bytes");
        PoolContract.assertAcquired(pool, SLAB).release();
        assertNull(pool.acquire(3 * SLAB), "refused and no error: it could be had before");
    }

    @Test
    void shouldShrinkByItselfWhenCeilingIsLowered() {
        BufferPool pool = manager.confined(0);
        List<Buffer> all = take(pool, 4096, 512);
        manager.configure(settings(SLAB, NEVER_HERE_NS));
        long deadlineNs = System.nanoTime() + 20_000_000_000L;
        all.forEach(Buffer::release);
        while (source.mappedBytes() > SLAB && System.nanoTime() < deadlineNs) {
            pool.tend();
        }
        assertTrue(source.mappedBytes() <= SLAB, source.mappedBytes() + " bytes");
    }

    @Test
    void shouldServeMoreAtOnceWhenCeilingIsRaised() {
        BufferPool pool = manager.shared(BufferPoolManager.ANY_NODE);
        List<Buffer> all = take(pool, SLAB, 64);
        assertNull(pool.acquire(SLAB));
        int before = pool.maxCapacity();
        manager.configure(settings(2 * CEILING, NEVER_HERE_NS));
        assertEquals(2 * before, pool.maxCapacity());
        all.addAll(take(pool, SLAB, 64));
        all.forEach(Buffer::release);
    }

    @Test
    void shouldRefuseAnotherSizeOfSlab() {
        PoolSettings other = new PoolSettings(CEILING, 2 * SLAB, false);
        assertThrows(IllegalArgumentException.class, () -> manager.configure(other));
        assertEquals(CEILING, manager.gauges().ceilingBytes());
    }

    @Test
    void shouldCutMoreAtATimeWhenMissesFollowEachOtherAndLessAgainLater() {
        BufferPool pool = manager.confined(0);
        List<Buffer> all = take(pool, 256, 256 * 7);
        assertEquals(4, manager.gauges().misses(), "64, 64, 128 and 256 KiB");
        assertEquals(256 << 10, nextRunBytes());
        window(pool, pool::tend);
        window(pool, pool::tend);
        window(pool, pool::tend);
        assertEquals(64 << 10, nextRunBytes());
        all.forEach(Buffer::release);
    }

    private Object nextRunBytes() {
        Map<?, ?> first = (Map<?, ?>) ((List<?>) manager.probe().get("confined")).getFirst();
        return ((Map<?, ?>) ((List<?>) first.get("classes")).getFirst()).get("nextRunBytes");
    }

    @Test
    void shouldEndItsThreadWhenClosed() {
        manager.shared(0).acquire(1).release();
        assertTrue(keepers() > 0);
        long before = keepers();
        manager.close();
        assertTrue(keepers() < before);
    }

    private static long keepers() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("hioload-pool")).count();
    }
}
