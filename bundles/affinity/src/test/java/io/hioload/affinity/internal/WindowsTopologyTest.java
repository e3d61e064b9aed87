package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.affinity.Cpu;
import io.hioload.affinity.CpuCache;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.NumaNode;
import io.hioload.affinity.Topology;
import io.hioload.affinity.internal.WindowsRecords.Mask;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsTopologyTest {

    @Test
    void shouldTellAllWhenMachineHas64NodesIn32Groups() {
        Topology machine = WindowsRecords.topology(64, 16, 2);
        assertEquals(2048, machine.cpus().size());
        assertEquals(1024, machine.cores());
        assertEquals(64, machine.packages());
        assertEquals(64, machine.nodes().size());
        assertEquals(32, machine.groups());
        assertEquals(new Cpu(2047, 63, 1023, 63, 31), machine.cpus().getLast());
        assertEquals(new NumaNode(3, CpuSet.parse("96-127"), 4L << 30, List.of()), machine.nodes().get(3));
        assertEquals(CpuSet.of(96, 97), machine.siblings(97));
        assertEquals(new CpuCache(3, CpuCache.Kind.UNIFIED, 32 << 20, 64, CpuSet.parse("96-127")), machine.lastLevelCache(100));
        assertEquals(1024 * 3 + 64, machine.caches().size());
        assertEquals(CpuCache.Kind.DATA, machine.caches().getFirst().kind());
    }

    @Test
    void shouldTellTwice24CoresWithSmtWhenGroupsAreOf48() {
        Topology machine = WindowsRecords.topology(2, 24, 2);
        assertEquals(96, machine.cpus().size());
        assertEquals(2, machine.groups());
        assertEquals(CpuSet.parse("64-111"), machine.node(1).cpus());
        assertEquals(1, machine.nodeOf(111));
    }

    @Test
    void shouldJoinGroupsOfNodePackageAndCacheWhenTheySpanTwo() {
        Mask low = new Mask(0, -1);
        Mask high = new Mask(1, 0xFFFF);
        Topology machine = new WindowsRecords().processorPackage(low, high).node(0, 1, low).cache(3, 0, 64 << 20, low, high)
                .groups(-1, 0xFFFF).unknown().node(0, 2, low, high).toTopology();
        assertEquals(80, machine.cpus().size());
        assertEquals(CpuSet.parse("0-79"), machine.node(0).cpus());
        assertEquals(CpuSet.parse("0-79"), machine.lastLevelCache(70).cpus());
        assertEquals(1, machine.packages());
        assertEquals(80, machine.cores(), "no core was told of: each CPU is one");
    }

    @Test
    void shouldCountOnlyActiveProcessors() {
        Topology machine = new WindowsRecords().core(new Mask(0, 3)).core(new Mask(0, 12)).node(0, 0, new Mask(0, 15)).groups(7)
                .toTopology();
        assertEquals(3, machine.cpus().size());
        assertEquals(CpuSet.of(0, 1, 2), machine.node(0).cpus());
        assertEquals(2, machine.cores());
    }
}
