package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.Cpu;
import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Placement;
import io.hioload.affinity.PlacementPlan;
import io.hioload.affinity.Topology;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementPlannerTest {

    @TempDir
    private Path root;

    private static PlacementPlan plan(Topology machine, String usable, double quota, Placement placement, int threads, int interfaceNode) {
        return new PlacementPlanner(machine, new CpuLimits(CpuSet.parse(usable), quota, List.of())).plan(placement, threads, interfaceNode);
    }

    private static PlacementPlan plan(Topology machine, Placement placement, int threads, int interfaceNode) {
        CpuSet all = CpuSet.of(machine.cpus().stream().mapToInt(Cpu::number).toArray());
        return plan(machine, all.toString(), Double.POSITIVE_INFINITY, placement, threads, interfaceNode);
    }

    private Topology twice24() {
        return LinuxTopology.read(SysfsTree.server(root, 2, 24, 1, 2).files(), CpuSet.EMPTY);
    }

    @Test
    void shouldAlternateNodesAndLeaveSecondThreadsForLastWhenSpread() {
        PlacementPlan plan = plan(twice24(), Placement.SPREAD, 96, -1);
        assertEquals(List.of(0, 24, 1, 25, 2, 26), plan.cpus().subList(0, 6));
        assertEquals(List.of(0, 1, 0, 1, 0, 1), plan.nodes().subList(0, 6));
        assertTrue(plan.cpus().subList(0, 48).stream().allMatch(cpu -> cpu < 48), "one thread on each core first");
        assertEquals(List.of(48, 72), plan.cpus().subList(48, 50));
        assertEquals(96, new HashSet<>(plan.cpus()).size());
        assertEquals("", plan.note());
    }

    @Test
    void shouldFillCoresThenNodeWhenCompact() {
        PlacementPlan plan = plan(twice24(), Placement.COMPACT, 50, -1);
        assertEquals(List.of(0, 48, 1, 49, 2, 50), plan.cpus().subList(0, 6));
        assertEquals(List.of(23, 71, 24, 72), plan.cpus().subList(46, 50));
        assertTrue(plan.nodes().subList(0, 48).stream().allMatch(node -> node == 0));
        assertEquals(1, plan.node(48));
    }

    @Test
    void shouldUseNodeOfInterfaceFirstAndNearestNextWhenNear() {
        Topology machine = LinuxTopology.read(SysfsTree.server(root, 2, 8, 2, 1).files(), CpuSet.EMPTY);
        PlacementPlan plan = plan(machine, Placement.near("eth0"), 16, 3);
        assertEquals(List.of(3, 3, 3, 3, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1, 1), plan.nodes());
        assertEquals(List.of(12, 13, 14, 15, 8), plan.cpus().subList(0, 5));
    }

    @Test
    void shouldSayWhyAndSpreadWhenInterfaceTellsNothing() {
        Topology machine = twice24();
        PlacementPlan missing = plan(machine, Placement.near("eth9"), 2, HostSystem.NO_INTERFACE);
        assertEquals(List.of(0, 24), missing.cpus());
        assertEquals("there is no network interface eth9: spread", missing.note());
        assertEquals("the system does not tell the node of lo: spread", plan(machine, Placement.near("lo"), 2, HostSystem.NO_NODE).note());
        PlacementPlan elsewhere = plan(machine, "0-23", 24, Placement.near("eth0"), 2, 1);
        assertEquals("no CPU of node 1, where eth0 is, is usable", elsewhere.note());
        assertEquals(List.of(0, 0), elsewhere.nodes());
        assertEquals("", plan(Topology.flat(CpuSet.of(0, 1)), Placement.near("lo"), 2, HostSystem.NO_NODE).note(), "everything is near");
    }

    @Test
    void shouldUseOnlyUsableCpusWhenLimited() {
        PlacementPlan plan = plan(twice24(), "2-3,50-51,30", Double.POSITIVE_INFINITY, Placement.SPREAD, 5, -1);
        assertEquals(List.of(2, 30, 3, 50, 51), plan.cpus());
    }

    @Test
    void shouldShareAndSaySoWhenThereAreMoreThreadsThanCpusOrQuota() {
        Topology two = Topology.flat(CpuSet.of(0, 1));
        PlacementPlan plan = plan(two, Placement.SPREAD, 5, -1);
        assertEquals(List.of(0, 1, 0, 1, 0), plan.cpus());
        assertEquals("5 threads share 2 usable CPUs", plan.note());
        assertEquals("2 threads share the time of 0.5 CPUs", plan(two, "0-1", 0.5, Placement.SPREAD, 2, -1).note());
        assertEquals(List.of(), plan(two, Placement.COMPACT, 0, -1).cpus());
    }

    @Test
    void shouldSpreadOver64NodesWhenMachineHas32ProcessorGroups() {
        Topology machine = WindowsRecords.topology(64, 16, 2);
        PlacementPlan spread = plan(machine, Placement.SPREAD, 128, -1);
        assertEquals(64, new HashSet<>(spread.nodes().subList(0, 64)).size());
        assertEquals(32, spread.cpus().subList(0, 64).stream().map(cpu -> cpu / 64).distinct().count());
        PlacementPlan compact = plan(machine, Placement.COMPACT, 64, -1);
        assertEquals(List.of(0, 1, 2, 3), compact.cpus().subList(0, 4));
        assertEquals(List.of(0, 1), compact.nodes().stream().distinct().toList());
    }
}
