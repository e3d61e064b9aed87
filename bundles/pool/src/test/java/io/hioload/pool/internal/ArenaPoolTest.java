package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.buffer.PoolSettings;
import org.junit.jupiter.api.Test;

class ArenaPoolTest {

    @Test
    void shouldServeAndGiveBackWhenThereIsNoMmap() {
        FaultySource source = new FaultySource(new ArenaSource(false));
        try (SlabPoolManager manager = new SlabPoolManager(new PoolSettings(8 << 20, 1 << 20, false), source)) {
            var small = manager.confined(0).acquire(5000);
            var large = manager.shared(0).acquire(3 << 20);
            small.memory().setMemory(0, small.capacity(), (byte) 1);
            large.memory().setMemory(0, large.capacity(), (byte) 2);
            assertEquals((1 << 20) + (3 << 20), source.mappedBytes());
            small.release();
            large.release();
            assertEquals("arena", manager.probe().get("source"));
        }
        assertEquals(0, source.mappedBytes());
    }
}
