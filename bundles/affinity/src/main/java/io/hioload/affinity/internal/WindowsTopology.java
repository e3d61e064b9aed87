package io.hioload.affinity.internal;

import com.sun.jna.platform.win32.WinNT.CACHE_RELATIONSHIP;
import com.sun.jna.platform.win32.WinNT.GROUP_AFFINITY;
import com.sun.jna.platform.win32.WinNT.GROUP_RELATIONSHIP;
import com.sun.jna.platform.win32.WinNT.LOGICAL_PROCESSOR_RELATIONSHIP;
import com.sun.jna.platform.win32.WinNT.NUMA_NODE_RELATIONSHIP;
import com.sun.jna.platform.win32.WinNT.PROCESSOR_RELATIONSHIP;
import com.sun.jna.platform.win32.WinNT.SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX;
import io.hioload.affinity.Cpu;
import io.hioload.affinity.CpuCache;
import io.hioload.affinity.CpuCache.Kind;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.NumaNode;
import io.hioload.affinity.Topology;
import io.hioload.affinity.internal.WindowsCalls.GroupMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/**
 * Puts a topology together from the records of GetLogicalProcessorInformationEx, which jna-platform takes apart. For one
 * thread and one reading.
 */
final class WindowsTopology {

    private final List<CpuSet> packages = new ArrayList<>();
    private final List<CpuSet> cores = new ArrayList<>();
    private final List<CpuCache> caches = new ArrayList<>();
    private final Map<Integer, CpuSet> nodes = new TreeMap<>();
    private CpuSet active = CpuSet.EMPTY;

    private WindowsTopology() {
    }

    /**
     * Reads the records.
     *
     * @param records     in any order. A node comes more than once if it was asked for with all its groups too (RelationNumaNodeEx)
     * @param memoryBytes the memory of a node
     */
    static Topology of(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX[] records, IntToLongFunction memoryBytes) {
        WindowsTopology reading = new WindowsTopology();
        for (SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record : records) {
            reading.add(record);
        }
        return reading.toTopology(memoryBytes);
    }

    private void add(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record) {
        switch (record) {
            case PROCESSOR_RELATIONSHIP processors -> {
                CpuSet cpus = cpus(processors.groupMask);
                if (processors.relationship == LOGICAL_PROCESSOR_RELATIONSHIP.RelationProcessorPackage) {
                    packages.add(cpus);
                } else if (processors.relationship == LOGICAL_PROCESSOR_RELATIONSHIP.RelationProcessorCore) {
                    cores.add(cpus);
                }
            }
            case NUMA_NODE_RELATIONSHIP node -> nodes.merge(node.nodeNumber, cpus(node.groupMasks), CpuSet::or);
            case CACHE_RELATIONSHIP cache -> caches
                    .add(new CpuCache(cache.level, kind(cache.type), Integer.toUnsignedLong(cache.cacheSize), cache.lineSize,
                            cpus(cache.groupMasks)));
            case GROUP_RELATIONSHIP groups -> {
                for (int i = 0; i < groups.activeGroupCount; i++) {
                    active = active.or(WindowsSystem.cpus(new GroupMask(i, groups.groupInfo[i].activeProcessorMask.longValue())));
                }
            }
            default -> {
                // dies and modules: nothing is placed by them
            }
        }
    }

    private static CpuSet cpus(GROUP_AFFINITY[] masks) {
        CpuSet cpus = CpuSet.EMPTY;
        for (GROUP_AFFINITY mask : masks) {
            cpus = cpus.or(WindowsSystem.cpus(new GroupMask(mask.group, mask.mask.longValue())));
        }
        return cpus;
    }

    /** PROCESSOR_CACHE_TYPE. */
    private static Kind kind(int type) {
        return switch (type) {
            case 1 -> Kind.INSTRUCTION;
            case 2 -> Kind.DATA;
            case 3 -> Kind.TRACE;
            default -> Kind.UNIFIED;
        };
    }

    private Topology toTopology(IntToLongFunction memoryBytes) {
        cores.sort(Comparator.comparingInt(CpuSet::first));
        packages.sort(Comparator.comparingInt(CpuSet::first));
        caches.sort(Comparator.comparingInt(CpuCache::level).thenComparing(CpuCache::kind).thenComparing(cache -> cache.cpus().first()));
        List<Cpu> cpus = new ArrayList<>();
        active.stream().forEach(
                cpu -> cpus.add(new Cpu(cpu, indexOf(packages, cpu, 0), indexOf(cores, cpu, cores.size() + cpus.size()), nodeOf(cpu),
                        cpu / Long.SIZE)));
        List<NumaNode> all = new ArrayList<>();
        nodes.forEach((number, set) -> all.add(new NumaNode(number, set.and(active), memoryBytes.applyAsLong(number), List.of())));
        if (all.isEmpty()) {
            all.add(new NumaNode(0, active, 0, List.of()));
        }
        return new Topology(cpus, caches, all);
    }

    private static int indexOf(List<CpuSet> sets, int cpu, int otherwise) {
        for (int i = 0; i < sets.size(); i++) {
            if (sets.get(i).contains(cpu)) {
                return i;
            }
        }
        return otherwise;
    }

    private int nodeOf(int cpu) {
        for (Map.Entry<Integer, CpuSet> node : nodes.entrySet()) {
            if (node.getValue().contains(cpu)) {
                return node.getKey();
            }
        }
        return 0;
    }
}
