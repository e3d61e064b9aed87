package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.buffer.PoolSettings;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class SlabPoolProviderTest {

    private final BufferPoolProvider provider = ServiceLoader.load(BufferPoolProvider.class).findFirst().orElseThrow();

    @Test
    void shouldServeWhenHugePagesAreAskedForAndSayWhatCameOfIt() {
        PoolSettings settings = new PoolSettings(8 << 20, 2 << 20, true);
        try (BufferPoolManager manager = provider.open(settings)) {
            Buffer buffer = manager.confined(0).acquire(1000);
            buffer.memory().setMemory(0, buffer.capacity(), (byte) 1);
            buffer.release();
            String state = manager.probe().get("hugePages").toString();
            assertTrue(state.matches("reserved|(none|transparent).*"), state);
            assertEquals(state.equals("reserved") ? 2 << 20 : 0, manager.gauges().hugePageBytes());
        }
    }

    @Test
    void shouldKeepManagersApart() {
        try (BufferPoolManager one = provider.open(PoolSettings.DEFAULT); BufferPoolManager other = provider.open(PoolSettings.DEFAULT)) {
            one.confined(0).acquire(1).release();
            assertEquals(0, other.gauges().mappedBytes());
        }
    }

    @Test
    void shouldTellWhatAnAcquireCosts() {
        try (BufferPoolManager manager = provider.open(PoolSettings.DEFAULT)) {
            print("confined", manager.confined(0));
            print("shared", manager.shared(0));
        }
    }

    private static void print(String name, BufferPool pool) {
        long best = Long.MAX_VALUE;
        int rounds = 1_000_000;
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            for (int j = 0; j < rounds; j++) {
                pool.acquire(200 + (j & 4095)).release();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        System.out.printf("%s acquire and release: %.1f ns%n", name, (double) best / rounds);
    }
}
