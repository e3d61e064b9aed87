package io.hioload.testkit.affinity;

import io.hioload.affinity.Affinity;
import io.hioload.affinity.Cpu;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.NumaNode;
import io.hioload.affinity.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The affinity of a machine that is not there: its topology is the test's to choose, and pinning is only written down. Any
 * thread.
 */
public final class RecordedAffinity implements Affinity {

    private final Topology topology;
    private final int[] usable;
    private final Map<Thread, Integer> cpus = new ConcurrentHashMap<>();
    private final Set<Integer> everPinned = ConcurrentHashMap.newKeySet();
    private volatile String limitation = "";

    /**
     * A machine of which every CPU can be used.
     *
     * @param topology its parts
     */
    public RecordedAffinity(Topology topology) {
        this(topology, CpuSet.of(topology.cpus().stream().mapToInt(Cpu::number).toArray()));
    }

    /**
     * A machine of which a task mask or cpuset leaves some CPUs.
     *
     * @param topology its parts
     * @param usable   what this process may use
     */
    public RecordedAffinity(Topology topology, CpuSet usable) {
        this.topology = topology;
        this.usable = usable.toArray();
    }

    /**
     * A machine of one package for each NUMA node, without SMT. CPUs are numbered node by node.
     *
     * @param nodes       how many nodes
     * @param cpusPerNode how many CPUs each has
     * @return its affinity
     */
    public static RecordedAffinity machine(int nodes, int cpusPerNode) {
        List<Cpu> cpus = new ArrayList<>();
        List<NumaNode> all = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            int[] mine = new int[cpusPerNode];
            for (int i = 0; i < cpusPerNode; i++) {
                mine[i] = cpus.size();
                cpus.add(new Cpu(mine[i], node, mine[i], node, 0));
            }
            all.add(new NumaNode(node, CpuSet.of(mine), 0, List.of()));
        }
        return new RecordedAffinity(new Topology(cpus, List.of(), all));
    }

    /**
     * Lets every pinning fail from now on.
     *
     * @param reason what {@link #limitation} says; empty for no failure any more
     * @return this
     */
    public RecordedAffinity failing(String reason) {
        limitation = reason;
        return this;
    }

    /**
     * Where a thread was pinned.
     *
     * @param thread any
     * @return the CPU, -1 if it is not pinned
     */
    public int cpuOf(Thread thread) {
        return cpus.getOrDefault(thread, -1);
    }

    /**
     * Every CPU that any thread was ever pinned to.
     *
     * @return ascending
     */
    public Set<Integer> pinned() {
        return new TreeSet<>(everPinned);
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public int[] usableCpus() {
        return usable.clone();
    }

    @Override
    public int nodeOf(int cpu) {
        return topology.nodeOf(cpu);
    }

    @Override
    public boolean pin(int cpu) {
        if (!limitation.isEmpty() || !CpuSet.of(usable).contains(cpu)) {
            return false;
        }
        cpus.put(Thread.currentThread(), cpu);
        everPinned.add(cpu);
        return true;
    }

    @Override
    public boolean unpin() {
        cpus.remove(Thread.currentThread());
        return limitation.isEmpty();
    }

    @Override
    public String limitation() {
        return limitation;
    }

    @Override
    public String probeName() {
        return "affinity";
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("usableCpus", CpuSet.of(usable).toString());
        cpus.forEach((thread, cpu) -> state.put(thread.getName(), cpu));
        return state;
    }
}
