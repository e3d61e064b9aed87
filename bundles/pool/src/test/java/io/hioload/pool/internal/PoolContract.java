package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.PoolGauges;
import io.hioload.buffer.PoolSettings;
import io.hioload.ffm.Os;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What confined and shared pools have in common. */
abstract class PoolContract {

    static final int SLAB = 256 << 10;

    final FaultySource source = new FaultySource(systemSource(false));
    final SlabPoolManager manager = new SlabPoolManager(new PoolSettings(4L * SLAB, SLAB, false), source);

    static PageSource systemSource(boolean hugePages) {
        return Os.current() == Os.LINUX ? new MmapSource(hugePages) : new ArenaSource(hugePages);
    }

    abstract BufferPool pool();

    @AfterEach
    void nothingIsLeftMapped() {
        PoolGauges gauges = manager.gauges();
        assertEquals(0, gauges.inUseBuffers());
        assertEquals(0, gauges.inUseBytes());
        manager.close();
        assertEquals(0, manager.gauges().mappedBytes());
        assertEquals(0, source.mappedBytes());
    }

    @Test
    void shouldMapNothingUntilFirstAcquire() {
        BufferPool pool = pool();
        assertEquals(0, source.mappedBytes());
        pool.acquire(1).release();
        assertEquals(SLAB, source.mappedBytes());
    }

    @Test
    void shouldGiveDistinctWritableMemoryOfEverySize() {
        BufferPool pool = pool();
        List<Buffer> all = new ArrayList<>();
        for (int size = 1; size <= SLAB; size = size * 2 + 1) {
            Buffer buffer = pool.acquire(size);
            assertTrue(buffer.capacity() >= size);
            assertEquals(1, buffer.refs());
            assertEquals(buffer.address(), buffer.memory().addressOffset());
            assertEquals(buffer.capacity(), buffer.memory().capacity());
            buffer.memory().setMemory(0, buffer.capacity(), (byte) all.size());
            all.add(buffer);
        }
        for (int i = 0; i < all.size(); i++) {
            Buffer buffer = all.get(i);
            for (int at = 0; at < buffer.capacity(); at++) {
                assertEquals((byte) i, buffer.memory().getByte(at));
            }
        }
        all.forEach(Buffer::release);
    }

    @Test
    void shouldRefuseAndCountWhenCeilingIsReached() {
        BufferPool pool = pool();
        List<Buffer> all = new ArrayList<>();
        for (int i = 0; i < 4 * SLAB / 1024; i++) {
            all.add(assertAcquired(pool, 1024));
        }
        assertNull(pool.acquire(1024));
        assertNull(pool.acquire(1));
        assertNull(pool.acquire(SLAB));
        assertNull(pool.acquire(SLAB + 1));
        assertEquals(4, manager.gauges().refusals());
        assertEquals(4L * SLAB, manager.gauges().mappedBytes());
        assertEquals(4L * SLAB, manager.gauges().inUseBytes());
        assertEquals(all.size(), all.stream().mapToLong(Buffer::address).distinct().count());
        all.removeLast().release();
        all.add(assertAcquired(pool, 1024));
        all.forEach(Buffer::release);
    }

    @Test
    void shouldCountWhatIsDone() {
        BufferPool pool = pool();
        Buffer first = pool.acquire(300);
        first.retain().release();
        assertEquals(new PoolGauges(4L * SLAB, SLAB, 512, 1, 0, 1, 0, 0, (64 << 10) - 512, 0), manager.gauges());
        first.release();
        Buffer second = pool.acquire(512);
        assertEquals(new PoolGauges(4L * SLAB, SLAB, 512, 1, 1, 1, 0, 0, (64 << 10) - 512, 0), manager.gauges());
        second.release();
        assertEquals(new PoolGauges(4L * SLAB, SLAB, 0, 0, 1, 1, 0, 0, 64 << 10, 0), manager.gauges());
    }

    @Test
    void shouldMapAndUnmapOnItsOwnWhenLargerThanSlab() {
        BufferPool pool = pool();
        Buffer large = pool.acquire(SLAB + 1);
        assertEquals(SLAB + 4096, large.capacity());
        assertEquals(SLAB + 4096, source.mappedBytes());
        assertEquals(new PoolGauges(4L * SLAB, SLAB + 4096, SLAB + 4096, 1, 0, 1, 0, 0, 0, 0), manager.gauges());
        large.memory().setMemory(0, large.capacity(), (byte) 7);
        large.release();
        assertEquals(0, source.mappedBytes());
        Buffer largest = pool.acquire(pool.maxCapacity());
        assertEquals(4 * SLAB, largest.capacity());
        assertNull(pool.acquire(1));
        largest.release();
    }

    @Test
    void shouldRefuseWhenSystemRefuses() {
        BufferPool pool = pool();
        source.refusing = true;
        assertNull(pool.acquire(1));
        assertNull(pool.acquire(SLAB * 2));
        assertEquals(0, manager.gauges().mappedBytes());
        assertEquals("refused by the test", manager.probe().get("lastMapFailure"));
        source.refusing = false;
        pool.acquire(1).release();
        assertEquals(2, manager.gauges().refusals());
    }

    @Test
    void shouldThrowWhenSizeIsOutOfRange() {
        BufferPool pool = pool();
        assertThrows(IllegalArgumentException.class, () -> pool.acquire(0));
        assertThrows(IllegalArgumentException.class, () -> pool.acquire(-5));
        assertThrows(IllegalArgumentException.class, () -> pool.acquire(Integer.MIN_VALUE));
        assertThrows(IllegalArgumentException.class, () -> pool.acquire(pool.maxCapacity() + 1));
    }

    @Test
    void shouldThrowWhenReleasedTwice() {
        BufferPool pool = pool();
        Buffer buffer = pool.acquire(100);
        buffer.release();
        assertThrows(IllegalStateException.class, buffer::release);
        Buffer first = pool.acquire(100);
        Buffer second = pool.acquire(100);
        assertNotSame(first, second);
        first.release();
        second.release();
    }

    @Test
    void shouldRefuseWhenClosed() {
        BufferPool pool = pool();
        pool.acquire(1).release();
        manager.close();
        assertNull(pool.acquire(1));
        assertNull(pool.acquire(SLAB + 1));
        assertEquals(2, manager.gauges().refusals());
        assertThrows(IllegalStateException.class, () -> manager.confined(0));
        assertEquals(0, source.mappedBytes());
    }

    @Test
    void shouldKeepSlabsWithBuffersInUseUntilTheyAreBackWhenClosed() {
        BufferPool pool = pool();
        List<Buffer> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(assertAcquired(pool, SLAB));
        }
        Buffer held = all.removeFirst();
        all.forEach(Buffer::release);
        manager.close();
        assertEquals(SLAB, source.mappedBytes());
        assertEquals(1, manager.gauges().inUseBuffers());
        List<?> holders = (List<?>) manager.probe().get("heldBy");
        assertEquals(1, holders.size());
        assertTrue(holders.getFirst().toString().startsWith("1 of " + SLAB + " bytes "), holders.toString());
        assertFalse(manager.settle());
        held.memory().setMemory(0, SLAB, (byte) 1);
        held.release();
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (source.mappedBytes() != 0 && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait(); // the keeper does it, nobody calls
        }
        assertEquals(0, source.mappedBytes());
        assertTrue(manager.settle());
        assertEquals(0, manager.gauges().inUseBuffers());
        assertEquals(List.of(), manager.probe().get("heldBy"));
    }

    @Test
    void shouldAllocateNothingInSteadyState() {
        BufferPool pool = pool();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) { // what the virtual machine itself takes while it warms up is not the pool's
            long before = threads.getCurrentThreadAllocatedBytes();
            acquireAndRelease(pool, 10_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
    }

    private static void acquireAndRelease(BufferPool pool, int rounds) {
        for (int i = 0; i < rounds; i++) {
            Buffer small = pool.acquire(200);
            Buffer medium = pool.acquire(4096);
            Buffer large = pool.acquire(65_536);
            medium.release();
            small.release();
            large.release();
            pool.acquire(1000).release();
        }
    }

    @Test
    void shouldUseLastReleasedOrFreeSlotsAgain() {
        BufferPool pool = pool();
        Buffer only = pool.acquire(SLAB);
        only.release();
        Buffer again = pool.acquire(SLAB);
        assertSame(only, again);
        again.release();
    }

    static Buffer assertAcquired(BufferPool pool, int bytes) {
        Buffer buffer = pool.acquire(bytes);
        assertNotNull(buffer);
        return buffer;
    }
}
