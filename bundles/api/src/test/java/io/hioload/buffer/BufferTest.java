package io.hioload.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BufferTest {

    private final List<Buffer> recycled = new ArrayList<>();
    private final Arena arena = Arena.ofAuto();
    private final Buffer buffer = new Buffer(recycled::add, arena.allocate(64, 8).address(), 64, 7);

    @Test
    void shouldGoHomeOnceWhenTheLastReferenceIsReleased() {
        buffer.open();
        assertSame(buffer, buffer.retain());
        buffer.release();
        assertEquals(List.of(), recycled);
        assertEquals(1, buffer.refs());
        buffer.release();
        assertEquals(List.of(buffer), recycled);
        assertEquals(0, buffer.refs());
    }

    @Test
    void shouldRefuseReleaseAndRetainWhenAlreadyReleased() {
        buffer.open();
        buffer.release();
        assertThrows(IllegalStateException.class, buffer::release);
        assertThrows(IllegalStateException.class, buffer::retain);
        assertEquals(0, buffer.refs());
        assertEquals(1, recycled.size());
    }

    @Test
    void shouldShowItsMemoryFromZeroToCapacity() {
        assertEquals(64, buffer.memory().capacity());
        assertEquals(buffer.address(), buffer.memory().addressOffset());
        assertEquals(7, buffer.index());
    }

    @Test
    void shouldGoHomeOnceWhenManyThreadsReleaseAtTheSameTime() throws InterruptedException {
        AtomicInteger homecomings = new AtomicInteger();
        Buffer shared = new Buffer(b -> homecomings.incrementAndGet(), arena.allocate(64, 8).address(), 64, 0);
        int threads = 4;
        for (int round = 1; round <= 2000; round++) {
            shared.open();
            for (int i = 1; i < threads; i++) {
                shared.retain();
            }
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(Thread.ofVirtual().start(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    shared.release();
                }));
            }
            start.countDown();
            for (Thread thread : all) {
                thread.join();
            }
            assertEquals(round, homecomings.get());
        }
    }
}
