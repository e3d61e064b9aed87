package io.hioload.affinity.internal;

import io.hioload.affinity.CpuSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Writes a tree of /sys and /proc as the kernel's documentation describes it (cputopology, sysfs-devices-system-cpu,
 * sysfs-devices-node, cgroups(7)). It is modelled after that description, not recorded on a machine.
 */
final class SysfsTree {

    private final Path root;

    SysfsTree(Path root) {
        this.root = root;
    }

    /**
     * A server as x86 firmware numbers it: all first threads of all cores, package by package, then all second threads; one
     * node and one last-level cache for each so many cores.
     */
    static SysfsTree server(Path root, int packages, int coresPerPackage, int nodesPerPackage, int threadsPerCore) {
        SysfsTree tree = new SysfsTree(root);
        int cores = packages * coresPerPackage;
        int coresPerNode = coresPerPackage / nodesPerPackage;
        tree.write("sys/devices/system/cpu/online", "0-" + (cores * threadsPerCore - 1));
        for (int core = 0; core < cores; core++) {
            CpuSet threads = every(core, 1, cores, threadsPerCore);
            int node = core / coresPerNode;
            CpuSet ofNode = every(node * coresPerNode, coresPerNode, cores, threadsPerCore);
            for (int cpu : threads.toArray()) {
                tree.cpu(cpu, core / coresPerPackage, core % coresPerPackage, threads);
                tree.cache(cpu, 0, 1, "Data", "48K", threads);
                tree.cache(cpu, 1, 1, "Instruction", "32K", threads);
                tree.cache(cpu, 2, 2, "Unified", "2048K", threads);
                tree.cache(cpu, 3, 3, "Unified", "36864K", ofNode);
            }
            if (core % coresPerNode == 0) {
                int nodes = packages * nodesPerPackage;
                String distances = IntStream.range(0, nodes)
                        .mapToObj(other -> other == node ? "10" : other / nodesPerPackage == node / nodesPerPackage ? "12" : "21")
                        .reduce((a, b) -> a + " " + b).orElseThrow();
                tree.node(node, ofNode.toString(), 96L << 20, distances);
            }
        }
        return tree;
    }

    private static CpuSet every(int first, int count, int cores, int threads) {
        return CpuSet.of(
                IntStream.range(0, threads).flatMap(t -> IntStream.range(first, first + count).map(core -> core + t * cores)).toArray());
    }

    SysfsTree cpu(int number, int packageId, int coreId, CpuSet threads) {
        String topology = "sys/devices/system/cpu/cpu" + number + "/topology/";
        write(topology + "physical_package_id", Integer.toString(packageId));
        write(topology + "core_id", Integer.toString(coreId));
        return write(topology + "core_cpus_list", threads.toString());
    }

    SysfsTree cache(int cpu, int index, int level, String type, String size, CpuSet shared) {
        String cache = "sys/devices/system/cpu/cpu" + cpu + "/cache/index" + index + "/";
        write(cache + "level", Integer.toString(level));
        write(cache + "type", type);
        write(cache + "size", size);
        write(cache + "coherency_line_size", "64");
        return write(cache + "shared_cpu_list", shared.toString());
    }

    SysfsTree node(int number, String cpus, long memoryKib, String distances) {
        String node = "sys/devices/system/node/node" + number + "/";
        write(node + "cpulist", cpus);
        write(node + "distance", distances);
        return write(node + "meminfo",
                "Node " + number + " MemTotal:       " + memoryKib + " kB\nNode " + number + " MemFree:        1234 kB");
    }

    /** A file with the line feed that the kernel ends it with. */
    SysfsTree write(String name, String text) {
        try {
            Files.createDirectories(root.resolve(name).getParent());
            Files.writeString(root.resolve(name), text + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A symbolic link, both names from the root. */
    SysfsTree link(String name, String target) {
        try {
            Files.createDirectories(root.resolve(name).getParent());
            Files.createDirectories(root.resolve(target));
            Files.createSymbolicLink(root.resolve(name), root.resolve(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SystemFiles files() {
        return new SystemFiles(root);
    }
}
