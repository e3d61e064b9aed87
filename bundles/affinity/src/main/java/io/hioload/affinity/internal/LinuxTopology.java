package io.hioload.affinity.internal;

import io.hioload.affinity.Cpu;
import io.hioload.affinity.CpuCache;
import io.hioload.affinity.CpuCache.Kind;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.NumaNode;
import io.hioload.affinity.Topology;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what /sys/devices/system tells of CPUs, caches and nodes (kernel documentation, admin-guide/cputopology and
 * ABI/stable/sysfs-devices-system-cpu, ABI/stable/sysfs-devices-node). For one thread and one reading.
 */
final class LinuxTopology {

    private static final System.Logger LOG = System.getLogger(LinuxTopology.class.getName());

    private static final String CPUS = "sys/devices/system/cpu";
    private static final String NODES = "sys/devices/system/node";

    private final SystemFiles files;
    private final Map<Integer, Integer> nodeByCpu = new HashMap<>();
    private final Map<String, Integer> coreByThreads = new HashMap<>();
    private final Map<String, List<CpuCache>> cachesByIndex = new HashMap<>();

    private LinuxTopology(SystemFiles files) {
        this.files = files;
    }

    /**
     * Reads all.
     *
     * @param fallback the CPUs if the system does not tell which are online
     */
    static Topology read(SystemFiles files, CpuSet fallback) {
        LinuxTopology reading = new LinuxTopology(files);
        CpuSet online = online(files).isEmpty() ? fallback : online(files);
        List<NumaNode> nodes = reading.nodes(online);
        List<Cpu> cpus = new ArrayList<>();
        online.stream().forEach(cpu -> cpus.add(reading.cpu(cpu)));
        List<CpuCache> caches = new ArrayList<>();
        reading.cachesByIndex.values().forEach(caches::addAll);
        caches.sort(Comparator.comparingInt(CpuCache::level).thenComparing(CpuCache::kind).thenComparing(cache -> cache.cpus().first()));
        return new Topology(cpus, caches, nodes);
    }

    /** The CPUs that are online; empty if the system does not tell. */
    static CpuSet online(SystemFiles files) {
        return list(files, files.path(CPUS).resolve("online"));
    }

    private List<NumaNode> nodes(CpuSet online) {
        List<NumaNode> nodes = new ArrayList<>();
        for (Path directory : files.numbered(files.path(NODES), "node")) {
            int number = SystemFiles.numberOf(directory, "node");
            CpuSet cpus = list(directory.resolve("cpulist"));
            cpus.stream().forEach(cpu -> nodeByCpu.put(cpu, number));
            nodes.add(new NumaNode(number, cpus, memoryBytes(directory), distances(directory)));
        }
        if (nodes.isEmpty()) { // a kernel without CONFIG_NUMA
            nodes.add(new NumaNode(0, online, 0, List.of()));
        }
        return nodes;
    }

    /** The line is {@code Node 0 MemTotal:        7825184 kB}. */
    private long memoryBytes(Path node) {
        for (String line : files.text(node.resolve("meminfo")).split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 4 && words[2].equals("MemTotal:")) {
                return Long.parseLong(words[3]) << 10;
            }
        }
        return 0;
    }

    private List<Integer> distances(Path node) {
        List<Integer> distances = new ArrayList<>();
        for (String distance : files.text(node.resolve("distance")).split("\\s+")) {
            if (!distance.isEmpty()) {
                distances.add(Integer.parseInt(distance));
            }
        }
        return distances;
    }

    private Cpu cpu(int number) {
        Path directory = files.path(CPUS).resolve("cpu" + number);
        Path topology = directory.resolve("topology");
        int packageId = (int) Math.max(0, files.number(topology.resolve("physical_package_id"), 0)); // -1 on some Arm machines
        String threads = files.text(topology.resolve("core_cpus_list"));
        if (threads.isEmpty()) {
            threads = files.text(topology.resolve("thread_siblings_list")); // its name before Linux 5.3
        }
        if (threads.isEmpty()) {
            threads = Integer.toString(number);
        }
        int core = coreByThreads.computeIfAbsent(threads, list -> coreByThreads.size());
        readCaches(number, directory.resolve("cache"));
        return new Cpu(number, packageId, core, nodeByCpu.getOrDefault(number, 0), 0);
    }

    /** A cache that another CPU told of already is not read again: that saves most of the files on a large machine. */
    private void readCaches(int cpu, Path directory) {
        for (Path index : files.numbered(directory, "index")) {
            List<CpuCache> known = cachesByIndex.computeIfAbsent(index.getFileName().toString(), name -> new ArrayList<>());
            if (known.stream().noneMatch(cache -> cache.cpus().contains(cpu))) {
                CpuSet shared = list(index.resolve("shared_cpu_list"));
                known.add(new CpuCache((int) files.number(index.resolve("level"), 0), kind(files.text(index.resolve("type"))),
                        sizeBytes(files.text(index.resolve("size"))), (int) files.number(index.resolve("coherency_line_size"), 0),
                        shared.contains(cpu) ? shared : CpuSet.of(cpu)));
            }
        }
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "Data" -> Kind.DATA;
            case "Instruction" -> Kind.INSTRUCTION;
            default -> Kind.UNIFIED;
        };
    }

    /** The kernel writes {@code 48K}. */
    private static long sizeBytes(String size) {
        return size.matches("[0-9]{1,12}K") ? Long.parseLong(size.substring(0, size.length() - 1)) << 10 : 0;
    }

    private CpuSet list(Path file) {
        return list(files, file);
    }

    private static CpuSet list(SystemFiles files, Path file) {
        String text = files.text(file);
        try {
            return CpuSet.parse(text);
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "{0} is left out: {1}", file, e.getMessage());
            return CpuSet.EMPTY;
        }
    }
}
