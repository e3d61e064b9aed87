package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Acquires slots, fills each with a pattern of its own, passes most of them to other threads, which check the pattern over the
 * whole slot and release. A slot that two hold at once shows as a broken pattern.
 */
final class SlotExchange {

    private static final int[] SIZES = {100, 256, 700, 2000, 4096, 16_000};

    private final ArrayBlockingQueue<Buffer> passed = new ArrayBlockingQueue<>(300);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger producing;
    private final BufferPool pool;

    private SlotExchange(BufferPool pool, int producers) {
        this.pool = pool;
        this.producing = new AtomicInteger(producers);
    }

    /** Lets the calling thread, and the others too if the pool is for all threads, acquire so many times. */
    static void run(BufferPool pool, boolean sharedPool, int threads, int rounds) throws InterruptedException {
        SlotExchange exchange = new SlotExchange(pool, sharedPool ? threads + 1 : 1);
        Thread[] others = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int seed = i + 1;
            others[i] = new Thread(() -> exchange.guard(() -> {
                if (sharedPool) {
                    exchange.produce(seed, rounds);
                }
                exchange.consume();
            }));
            others[i].start();
        }
        exchange.guard(() -> exchange.produce(0, rounds));
        exchange.guard(exchange::consume);
        for (Thread other : others) {
            other.join();
        }
        assertNull(exchange.failure.get(), () -> String.valueOf(exchange.failure.get()));
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private void guard(Task task) {
        try {
            task.run();
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
        }
    }

    private void produce(int seed, int rounds) {
        try {
            Random random = new Random(seed);
            for (int i = 0; i < rounds && failure.get() == null; i++) {
                Buffer buffer = pool.acquire(SIZES[random.nextInt(SIZES.length)]);
                if (buffer == null) {
                    checkAndRelease(passed.poll());
                    continue;
                }
                fill(buffer, random.nextLong());
                if (random.nextInt(4) == 0 || !passed.offer(buffer)) {
                    checkAndRelease(buffer);
                }
            }
        } finally {
            producing.decrementAndGet();
        }
    }

    private void consume() throws InterruptedException {
        while (producing.get() != 0 || !passed.isEmpty()) {
            checkAndRelease(passed.poll(1, TimeUnit.MILLISECONDS));
        }
    }

    private static void fill(Buffer buffer, long pattern) {
        for (int at = 0; at < buffer.capacity(); at += 8) {
            buffer.memory().putLong(at, pattern);
        }
    }

    private static void checkAndRelease(Buffer buffer) {
        if (buffer == null) {
            return;
        }
        long pattern = buffer.memory().getLong(0);
        for (int at = 0; at < buffer.capacity(); at += 8) {
            if (buffer.memory().getLong(at) != pattern) {
                throw new AssertionError("two owners of one slot: " + buffer);
            }
        }
        buffer.release();
    }
}
