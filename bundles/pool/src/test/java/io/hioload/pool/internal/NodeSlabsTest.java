package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeSlabsTest {

    private static final int SLAB = 1 << 20;
    private static final int SLABS = 4;

    private final FaultySource source = new FaultySource(PoolContract.systemSource(false));
    private final MappedMemory memory = new MappedMemory(source, SLABS * (long) SLAB, SLAB);
    private final NodeSlabs slabs = memory.node(0);

    @Test
    void shouldGiveDisjointRunsAndJoinThemAgainWhenTakenAtRandom() {
        Random random = new Random(1);
        List<Span> taken = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int bytes = Span.MIN_BYTES << random.nextInt(5);
            Run run = random.nextInt(5) < 3 ? slabs.take(bytes) : null;
            if (run != null) {
                assertEquals(bytes, run.bytes());
                taken.add(slabs.cut(run, bytes, buffer -> {
                }, 0));
            } else if (!taken.isEmpty()) {
                slabs.give(taken.remove(random.nextInt(taken.size())));
            }
            if (i % 100 == 0) {
                assertDisjoint(taken);
            }
        }
        taken.forEach(slabs::give);
        assertEquals(SLABS * (long) SLAB, memory.mappedBytes());
        for (int i = 0; i < SLABS; i++) {
            assertNotNull(slabs.take(SLAB)); // only if every half found its buddy
        }
        assertNull(slabs.take(Span.MIN_BYTES));
    }

    private static void assertDisjoint(List<Span> spans) {
        TreeMap<Long, Integer> byAddress = new TreeMap<>();
        spans.forEach(span -> byAddress.put(span.run().address(), span.run().bytes()));
        assertEquals(spans.size(), byAddress.size());
        long end = 0;
        for (var run : byAddress.entrySet()) {
            assertTrue(run.getKey() >= end);
            end = run.getKey() + run.getValue();
        }
    }

    @Test
    void shouldMoveRoomToAnotherNodeWhenOneHasFreeSlabs() {
        List<Span> taken = new ArrayList<>();
        for (int i = 0; i < SLABS; i++) {
            taken.add(slabs.cut(memory.take(slabs, SLAB, SLAB), SLAB, buffer -> {
            }, 0));
        }
        NodeSlabs other = memory.node(1);
        assertNull(memory.take(other, SLAB, SLAB));
        taken.forEach(slabs::give);
        assertNotNull(memory.take(other, SLAB, SLAB));
        assertEquals(SLAB, source.mappedBytes());
        assertEquals(List.of(0, 1), memory.slabsByNode());
    }
}
