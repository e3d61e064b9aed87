package io.hioload.affinity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {

    @ParameterizedTest
    @ValueSource(strings = {"spread", "compact", "near:eth0", "near:bond0.100"})
    void shouldWriteWhatItReads(String text) {
        assertEquals(text, Placement.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Spread", "near", "near:", "near:a b", "near:../x", "near:.", "spread:eth0"})
    void shouldThrowWhenItIsNoPlacement(String text) {
        assertThrows(IllegalArgumentException.class, () -> Placement.parse(text));
    }

    @Test
    void shouldThrowWhenInterfaceIsSuperfluous() {
        assertThrows(IllegalArgumentException.class, () -> new Placement(Placement.Policy.SPREAD, "eth0"));
    }

    @Test
    void shouldRoundQuotaUpButNotAboveUsableCpus() {
        CpuSet four = CpuSet.of(0, 1, 2, 3);
        assertEquals(2, new CpuLimits(four, 1.5, List.of()).parallelism());
        assertEquals(1, new CpuLimits(four, 0.1, List.of()).parallelism());
        assertEquals(4, new CpuLimits(four, 100, List.of()).parallelism());
        assertEquals(4, new CpuLimits(four, Double.POSITIVE_INFINITY, List.of()).parallelism());
    }

    @Test
    void shouldPlanInTurnAndSaySoWhenMachineIsNotKnown() {
        Affinity unknowing = new Affinity() {
            @Override
            public int[] usableCpus() {
                return new int[]{3, 7};
            }

            @Override
            public int nodeOf(int cpu) {
                return cpu / 4;
            }

            @Override
            public boolean pin(int cpu) {
                return cpu == 3;
            }

            @Override
            public boolean unpin() {
                return true;
            }

            @Override
            public String limitation() {
                return "";
            }

            @Override
            public String probeName() {
                return "affinity";
            }

            @Override
            public Map<String, Object> probe() {
                return Map.of();
            }
        };
        PlacementPlan plan = unknowing.plan(Placement.COMPACT, 3);
        assertEquals(List.of(3, 7, 3), plan.cpus());
        assertEquals(List.of(0, 1, 0), plan.nodes());
        assertEquals(7, plan.cpu(1));
        assertEquals(1, plan.node(1));
        assertTrue(plan.note().contains("not known"));
        assertEquals(2, unknowing.limits().parallelism());
        assertEquals(2, unknowing.topology().cores());
        assertTrue(unknowing.pin(0, 3) && !unknowing.pin(0, 7) && !unknowing.pin(17, 3) && unknowing.unpin(0) && !unknowing.unpin(17));
        assertEquals(0, unknowing.threadId());
        assertTrue(unknowing.cpusOf(0).isEmpty());
    }
}
