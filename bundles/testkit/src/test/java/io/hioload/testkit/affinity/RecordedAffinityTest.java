package io.hioload.testkit.affinity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Placement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordedAffinityTest {

    @Test
    void shouldShowTheMachineThatTheTestWants() {
        RecordedAffinity affinity = RecordedAffinity.machine(2, 3);
        assertArrayEquals(new int[]{0, 1, 2, 3, 4, 5}, affinity.usableCpus());
        assertEquals(0, affinity.nodeOf(2));
        assertEquals(1, affinity.nodeOf(3));
        assertEquals(2, affinity.topology().nodes().size());
        assertEquals(List.of(0, 1), affinity.plan(Placement.SPREAD, 2).cpus());
    }

    @Test
    void shouldWriteDownWhoIsPinnedWhere() {
        RecordedAffinity affinity = RecordedAffinity.machine(1, 4);
        assertTrue(affinity.pin(3));
        assertEquals(3, affinity.cpuOf(Thread.currentThread()));
        assertTrue(affinity.unpin());
        assertEquals(-1, affinity.cpuOf(Thread.currentThread()));
        assertEquals(Set.of(3), affinity.pinned());
    }

    @Test
    void shouldFailWhenTheTestWantsOrTheCpuIsNotUsable() {
        RecordedAffinity affinity = new RecordedAffinity(RecordedAffinity.machine(1, 4).topology(), CpuSet.of(1, 2));
        assertFalse(affinity.pin(0));
        assertTrue(affinity.pin(1));
        affinity.failing("no permission");
        assertFalse(affinity.pin(1));
        assertEquals("no permission", affinity.limitation());
    }
}
