package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedPoolTest extends PoolContract {

    @Override
    BufferPool pool() {
        return manager.shared(0);
    }

    @Test
    void shouldBeTheSameWhenNodeIsTheSame() {
        assertSame(manager.shared(1), manager.shared(1));
        assertNotSame(manager.shared(0), manager.shared(1));
        assertThrows(IllegalArgumentException.class, () -> manager.shared(-2));
    }

    @Test
    void shouldKeepEverySlotWhenMoreAreFreeThanTheQueueHolds() {
        BufferPool pool = pool();
        List<Buffer> all = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4 * SLAB / 256; i++) {
                all.add(assertAcquired(pool, 256));
            }
            all.forEach(Buffer::release);
            all.clear();
        }
    }

    @Test
    void shouldOwnExclusivelyWhenManyThreadsAcquireAndRelease() throws InterruptedException {
        SlotExchange.run(pool(), true, 4, 60_000);
    }
}
