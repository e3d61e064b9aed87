package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.PoolSettings;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing while other threads acquire, write and release. */
class CloseTest {

    private static final int SLAB = 256 << 10;
    private static final int[] SIZES = {200, 3000, 60_000, SLAB, SLAB + 1};

    private final FaultySource source = new FaultySource(PoolContract.systemSource(false));
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ArrayBlockingQueue<Buffer> passed = new ArrayBlockingQueue<>(16);

    @AfterEach
    void unmapWhatStayed() {
        source.unmapAll();
    }

    @Test
    void shouldKeepMemoryOfEveryBufferWhenClosedWhileOthersAcquire() throws InterruptedException {
        Random random = new Random(1);
        for (int round = 0; round < 400; round++) {
            closeWhileUsed(4L * SLAB << random.nextInt(3), 1 + random.nextInt(SIZES.length), random.nextInt(400));
        }
    }

    private void closeWhileUsed(long ceilingBytes, int sizes, int closeAfter) throws InterruptedException {
        source.pretendsToUnmap = true;
        SlabPoolManager manager = new SlabPoolManager(new PoolSettings(ceilingBytes, SLAB, false), source);
        BufferPool pool = manager.shared(0);
        Buffer confined = manager.confined(0).acquire(100);
        AtomicInteger acquired = new AtomicInteger();
        AtomicInteger ready = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();
        Thread[] threads = new Thread[3];
        for (int i = 0; i < threads.length; i++) {
            int seed = i;
            threads[i] = new Thread(() -> {
                ready.incrementAndGet();
                try {
                    use(pool, closed, sizes, new Random(seed), acquired);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
            });
            threads[i].start();
        }
        while (ready.get() < threads.length || acquired.get() < closeAfter && failure.get() == null) {
            Thread.onSpinWait();
        }
        manager.close();
        closed.set(true);
        writeAndRelease(confined);
        for (Thread thread : threads) {
            thread.join();
        }
        assertNull(failure.get(), () -> String.valueOf(failure.get()));
        for (Buffer left; (left = passed.poll()) != null;) {
            writeAndRelease(left);
        }
        assertNull(pool.acquire(100));
        assertTrue(manager.settle(), () -> manager.probe().toString());
        assertEquals(0, manager.gauges().inUseBuffers());
        assertEquals(0, source.mappedBytes());
        assertEquals(0, manager.gauges().mappedBytes());
        manager.close(); // its keeper has nothing to wait for any more
        source.unmapAll();
    }

    /** Until the pool is closed and gives nothing more. */
    private void use(BufferPool pool, AtomicBoolean closed, int sizes, Random random, AtomicInteger acquired) {
        boolean ended = false;
        while (!ended && failure.get() == null) {
            Buffer buffer = pool.acquire(SIZES[random.nextInt(sizes)]);
            if (buffer == null) {
                boolean last = closed.get();
                buffer = passed.poll();
                ended = last && buffer == null;
            }
            if (buffer != null) {
                write(buffer);
                acquired.incrementAndGet();
                if (random.nextBoolean() || !passed.offer(buffer)) {
                    writeAndRelease(buffer);
                }
            }
        }
    }

    private void writeAndRelease(Buffer buffer) {
        write(buffer);
        buffer.release();
    }

    private void write(Buffer buffer) {
        buffer.memory().putLong(0, -1);
        buffer.memory().putLong(buffer.capacity() - 8, -1);
        assertTrue(source.isMapped(buffer.address()), "unmapped while in use: " + buffer);
    }

    @Test
    void shouldRefuseToCutWhenClosedBetweenTakeAndCut() {
        MappedMemory memory = new MappedMemory(source, 4L * SLAB, SLAB);
        NodeSlabs slabs = memory.node(0);
        SharedBin bin = new SharedBin(slabs, 256);
        Run run = memory.take(slabs, Span.MIN_BYTES, 0);
        bin.close();
        memory.close();
        assertEquals(0, source.mappedBytes());
        assertNull(bin.cut(run));
        assertNull(slabs.cut(run, 256, bin, 0));
        assertNull(memory.take(slabs, Span.MIN_BYTES, 0));
    }

    @Test
    void shouldKeepSlabUntilItsLastSlotIsBackWhenClosed() {
        MappedMemory memory = new MappedMemory(source, 4L * SLAB, SLAB);
        NodeSlabs slabs = memory.node(0);
        SharedBin bin = new SharedBin(slabs, 256);
        Buffer first = bin.cut(memory.take(slabs, Span.MIN_BYTES, 0));
        bin.close();
        memory.close();
        writeAndRelease(first);
        Buffer late = bin.poll(); // by a thread that has not seen the close
        assertNotNull(late);
        bin.reclaim(Integer.MAX_VALUE);
        assertEquals(SLAB, source.mappedBytes());
        writeAndRelease(late);
        assertEquals(SLAB, source.mappedBytes());
        bin.reclaim(Integer.MAX_VALUE);
        assertEquals(0, source.mappedBytes());
        assertEquals(0, memory.mappedBytes());
        assertNull(bin.poll());
    }
}
