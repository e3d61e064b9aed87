package io.hioload.affinity.internal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which NUMA node each CPU belongs to, as read once from /sys/devices/system/node (kernel documentation,
 * ABI/stable/sysfs-devices-node). Where the directory is missing, every CPU is on node 0. Immutable; any thread.
 */
final class NumaNodes {

    /** Where Linux has it. */
    static final Path SYSFS = Path.of("/sys/devices/system/node");

    private static final System.Logger LOG = System.getLogger(NumaNodes.class.getName());

    private final Map<Integer, BitSet> cpusByNode;

    private NumaNodes(Map<Integer, BitSet> cpusByNode) {
        this.cpusByNode = cpusByNode;
    }

    /** No nodes known. */
    static NumaNodes none() {
        return new NumaNodes(Map.of());
    }

    /** Reads {@code node<n>/cpulist} of every node; what cannot be read is logged and left out. */
    static NumaNodes read(Path directory) {
        Map<Integer, BitSet> cpusByNode = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> nodes = Files.newDirectoryStream(directory, "node[0-9]*")) {
                for (Path node : nodes) {
                    int number = Integer.parseInt(node.getFileName().toString().substring("node".length()));
                    cpusByNode.put(number, CpuList.parse(Files.readString(node.resolve("cpulist"))));
                }
            } catch (IOException | IllegalArgumentException e) {
                LOG.log(Level.WARNING, "NUMA nodes cannot be read from {0}: {1}", directory, e);
            }
        }
        return new NumaNodes(cpusByNode);
    }

    /** The node of a CPU, 0 if unknown. */
    int nodeOf(int cpu) {
        for (Map.Entry<Integer, BitSet> node : cpusByNode.entrySet()) {
            if (cpu >= 0 && node.getValue().get(cpu)) {
                return node.getKey();
            }
        }
        return 0;
    }

    /** The CPU list of each node, in the order of nodes; nodes of memory only have an empty one. */
    Map<String, String> describe() {
        Map<String, String> lists = new LinkedHashMap<>();
        cpusByNode.forEach((node, cpus) -> lists.put("node" + node, CpuList.format(cpus)));
        return lists;
    }
}
