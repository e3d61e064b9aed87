package io.hioload.testkit.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.PoolSettings;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CheckedBufferPoolTest {

    private final CheckedBufferPoolManager manager = new CheckedBufferPoolProvider().open(PoolSettings.DEFAULT);

    @Test
    void shouldNamePlaceOfAcquireWhenBufferLeaks() {
        Buffer leaked = manager.shared(0).acquire(100);
        AssertionError error = assertThrows(AssertionError.class, manager::assertNoLeaks);
        assertEquals("1 buffers leaked, 0 other offences", error.getMessage());
        StackTraceElement[] place = error.getSuppressed()[0].getStackTrace();
        assertTrue(java.util.Arrays.stream(place).anyMatch(e -> e.getMethodName().equals("shouldNamePlaceOfAcquireWhenBufferLeaks")));
        leaked.release();
        manager.assertNoLeaks();
    }

    @Test
    void shouldFailWhenReleasedTwice() {
        Buffer buffer = manager.shared(0).acquire(100);
        buffer.release();
        manager.shared(0).acquire(100).release();
        assertThrows(IllegalStateException.class, buffer::release);
        assertThrows(IllegalStateException.class, buffer::retain);
        manager.assertNoLeaks();
    }

    @Test
    void shouldReportWhenWrittenAfterRelease() {
        Buffer buffer = manager.shared(0).acquire(100);
        buffer.release();
        buffer.memory().putByte(42, (byte) 1);
        AssertionError error = assertThrows(AssertionError.class, manager::assertNoLeaks);
        assertEquals("written to after release, at byte 42", error.getSuppressed()[0].getMessage());
    }

    @Test
    void shouldPoisonMemoryWhenFreshAndWhenReleased() {
        Buffer buffer = manager.shared(0).acquire(3);
        assertEquals(CheckedBufferPool.POISON, buffer.memory().getByte(0));
        buffer.memory().putByte(0, (byte) 1);
        buffer.release();
        assertEquals(CheckedBufferPool.POISON, buffer.memory().getByte(0));
    }

    @Test
    void shouldGiveDifferentBuffersEachTime() {
        Buffer first = manager.shared(0).acquire(64);
        first.release();
        Buffer second = manager.shared(0).acquire(64);
        assertNotSame(first, second);
        second.release();
    }

    @Test
    void shouldRefuseWhenCeilingIsReached() {
        CheckedBufferPoolManager small = new CheckedBufferPoolManager(100);
        BufferPool pool = small.confined(0);
        Buffer buffer = pool.acquire(80);
        assertNull(pool.acquire(80));
        assertEquals(1, small.gauges().refusals());
        assertEquals(80, small.gauges().inUseBytes());
        buffer.release();
        pool.acquire(80).release();
        assertThrows(IllegalArgumentException.class, () -> pool.acquire(0));
        assertThrows(IllegalArgumentException.class, () -> pool.acquire(pool.maxCapacity() + 1));
        small.assertNoLeaks();
    }

    @Test
    void shouldFailWhenConfinedPoolIsUsedByOtherThread() throws Exception {
        BufferPool pool = manager.confined(0);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread other = new Thread(() -> {
            try {
                pool.acquire(1);
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });
        other.start();
        other.join();
        assertTrue(thrown.get().getMessage().startsWith("pool of "));
    }
}
