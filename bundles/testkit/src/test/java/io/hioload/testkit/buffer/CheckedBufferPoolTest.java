package io.hioload.testkit.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.PoolSettings;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CheckedBufferPoolTest {

    private final CheckedBufferPoolManager manager = new CheckedBufferPoolProvider().open(PoolSettings.DEFAULT);

    @Test
    void shouldNamePlaceOfAcquireWhenBufferLeaks() {
        Buffer leaked = manager.shared(0).acquire(100);
        AssertionError error = assertThrows(AssertionError.class, manager::assertNoLeaks);
        assertEquals("1 buffers leaked, 0 other offences", error.getMessage());
        assertPlace("shouldNamePlaceOfAcquireWhenBufferLeaks", error.getSuppressed()[0]);
        leaked.release();
        manager.assertNoLeaks();
    }

    private static void assertPlace(String method, Throwable remembered) {
        assertTrue(Arrays.stream(remembered.getStackTrace()).anyMatch(e -> e.getMethodName().equals(method)),
                () -> Arrays.toString(remembered.getStackTrace()));
    }

    private Buffer acquireHere() {
        return manager.shared(0).acquire(100);
    }

    private static void releaseHere(Buffer buffer) {
        buffer.release();
    }

    @Test
    void shouldNamePlacesOfReleaseAndAcquireWhenReleasedTwice() {
        Buffer buffer = acquireHere();
        releaseHere(buffer);
        manager.shared(0).acquire(100).release();
        for (Executable misuse : List.<Executable>of(buffer::release, buffer::retain)) {
            IllegalStateException error = assertThrows(IllegalStateException.class, misuse);
            assertPlace("releaseHere", error.getCause());
            assertPlace("acquireHere", error.getCause().getCause());
        }
        AssertionError swallowed = assertThrows(AssertionError.class, manager::assertNoLeaks);
        assertEquals("0 buffers leaked, 2 other offences", swallowed.getMessage());
        assertPlace("acquireHere", swallowed.getSuppressed()[0].getCause().getCause());
    }

    @Test
    void shouldNamePlacesOfReleaseAndAcquireWhenWrittenAfterRelease() {
        Buffer buffer = acquireHere();
        releaseHere(buffer);
        new UnsafeBuffer(buffer.address(), 100).putByte(42, (byte) 1);
        AssertionError error = assertThrows(AssertionError.class, manager::assertNoLeaks);
        Throwable offence = error.getSuppressed()[0];
        assertEquals("written to after release, at byte 42", offence.getMessage());
        assertPlace("releaseHere", offence.getCause());
        assertPlace("acquireHere", offence.getCause().getCause());
    }

    @Test
    void shouldThrowAtThePlaceOfUseWhenHandleIsUsedAfterRelease() {
        Buffer buffer = acquireHere();
        releaseHere(buffer);
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.memory().getByte(0));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.memory().putByte(0, (byte) 1));
        manager.assertNoLeaks();
    }

    @Test
    void shouldFollowCeilingWhenConfigured() {
        manager.configure(new PoolSettings(1 << 20, 1 << 20, false));
        Buffer buffer = manager.shared(0).acquire(1 << 20);
        assertNull(manager.shared(0).acquire(1));
        manager.configure(PoolSettings.DEFAULT);
        manager.shared(0).acquire(1).release();
        buffer.release();
        assertEquals(0, manager.trim());
        manager.assertNoLeaks();
    }

    @Test
    void shouldPoisonMemoryWhenFreshAndWhenReleased() {
        Buffer buffer = manager.shared(0).acquire(3);
        assertEquals(CheckedBufferPool.POISON, buffer.memory().getByte(0));
        buffer.memory().putByte(0, (byte) 1);
        buffer.release();
        assertEquals(CheckedBufferPool.POISON, new UnsafeBuffer(buffer.address(), 3).getByte(0));
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
