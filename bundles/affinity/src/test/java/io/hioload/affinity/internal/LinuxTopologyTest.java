package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.Cpu;
import io.hioload.affinity.CpuCache;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.NumaNode;
import io.hioload.affinity.Topology;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LinuxTopologyTest {

    @TempDir
    private Path root;

    private Topology read(SysfsTree tree) {
        return LinuxTopology.read(tree.files(), CpuSet.of(0, 1));
    }

    @Test
    void shouldTellPackagesCoresSiblingsCachesAndNodesWhenServerHasTwice24CoresWithSmt() {
        Topology machine = read(SysfsTree.server(root, 2, 24, 1, 2));
        assertEquals(96, machine.cpus().size());
        assertEquals(48, machine.cores());
        assertEquals(2, machine.packages());
        assertEquals(1, machine.groups());
        assertEquals(new Cpu(71, 0, 23, 0, 0), machine.cpu(71));
        assertEquals(new Cpu(72, 1, 24, 1, 0), machine.cpu(72));
        assertEquals(CpuSet.of(25, 73), machine.siblings(25));
        assertEquals(CpuSet.of(25, 73), machine.siblings(73));
        assertNull(machine.cpu(96));
        assertEquals(CpuSet.EMPTY, machine.siblings(96));
        assertEquals(List.of(new NumaNode(0, CpuSet.parse("0-23,48-71"), 96L << 30, List.of(10, 21)),
                new NumaNode(1, CpuSet.parse("24-47,72-95"), 96L << 30, List.of(21, 10))), machine.nodes());
        assertEquals(1, machine.nodeOf(95));
        assertEquals(0, machine.nodeOf(-1));
        assertEquals(48 + 48 + 48 + 2, machine.caches().size());
        assertEquals(new CpuCache(3, CpuCache.Kind.UNIFIED, 36 << 20, 64, CpuSet.parse("24-47,72-95")), machine.lastLevelCache(30));
        assertEquals(new CpuCache(1, CpuCache.Kind.DATA, 48 << 10, 64, CpuSet.of(0, 48)), machine.caches().getFirst());
    }

    @Test
    void shouldTellFourNodesWhenPackagesAreDividedInTwo() {
        Topology machine = read(SysfsTree.server(root, 2, 8, 2, 1));
        assertEquals(4, machine.nodes().size());
        assertEquals(List.of(12, 10, 21, 21), machine.node(1).distances());
        assertEquals(CpuSet.parse("8-11"), machine.node(2).cpus());
        assertEquals(CpuSet.of(5), machine.siblings(5));
    }

    @Test
    void shouldKeepNodesInOrderWhenOneHasMemoryOnlyNumbersHaveGapsAndCpuIsOffline() {
        SysfsTree tree = new SysfsTree(root).write("sys/devices/system/cpu/online", "0,2-3").node(10, "2-3", 1024, "20 20 10")
                .node(2, "", 4096, "20 10 20").node(0, "0", 1024, "10 20 20").write("sys/devices/system/node/power/x", "")
                .write("sys/devices/system/node/nodes", "");
        for (int cpu : new int[]{0, 2, 3}) {
            tree.cpu(cpu, 0, cpu, CpuSet.of(cpu));
        }
        Topology machine = read(tree);
        assertEquals(List.of(0, 2, 10), machine.nodes().stream().map(NumaNode::number).toList());
        assertEquals(4096L << 10, machine.node(2).memoryBytes());
        assertTrue(machine.node(2).cpus().isEmpty());
        assertEquals(10, machine.nodeOf(3));
        assertNull(machine.cpu(1));
        assertNull(machine.node(1));
        assertNull(machine.lastLevelCache(0));
    }

    @Test
    void shouldReadOldNameOfSiblingsAndMissingPackage() {
        SysfsTree tree = new SysfsTree(root).write("sys/devices/system/cpu/online", "0-1");
        for (int cpu = 0; cpu < 2; cpu++) {
            tree.write("sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list", "0-1")
                    .write("sys/devices/system/cpu/cpu" + cpu + "/topology/physical_package_id", "-1");
        }
        Topology machine = read(tree);
        assertEquals(1, machine.cores());
        assertEquals(0, machine.cpu(1).packageId());
        assertEquals(CpuSet.of(0, 1), machine.nodes().getFirst().cpus());
    }

    @Test
    void shouldTellCpusOfTaskMaskWhenSystemTellsNothing() {
        Topology machine = read(new SysfsTree(root));
        assertEquals(2, machine.cpus().size());
        assertEquals(2, machine.cores());
        assertEquals(1, machine.nodes().size());
        assertTrue(machine.caches().isEmpty());
    }

    @Test
    void shouldLeaveOutWhatIsBroken() {
        Topology machine = read(SysfsTree.server(root, 1, 2, 1, 1).write("sys/devices/system/node/node0/cpulist", "0-1,nonsense")
                .write("sys/devices/system/cpu/cpu0/cache/index3/size", "much")
                .write("sys/devices/system/cpu/cpu1/cache/index0/level", "x"));
        assertEquals(0, machine.nodeOf(1));
        assertEquals(0, machine.lastLevelCache(0).sizeBytes());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldAgreeWithTheVirtualMachineWhenMachineIsThisOne() {
        LinuxSystem here = new LinuxSystem();
        Topology machine = here.readTopology();
        assertEquals(Runtime.getRuntime().availableProcessors(), here.limits().parallelism());
        here.limits().usable().stream().forEach(cpu -> {
            assertTrue(machine.siblings(cpu).contains(cpu));
            assertTrue(machine.node(machine.nodeOf(cpu)).cpus().contains(cpu));
        });
        assertTrue(machine.nodes().getFirst().memoryBytes() > 0);
    }
}
