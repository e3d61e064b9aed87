package io.hioload.affinity;

import java.util.ArrayList;
import java.util.List;

/**
 * What the machine is made of: the CPUs that are online, the caches between them and the nodes of memory. It says nothing of
 * what this process may use, see {@link Affinity#limits}. Immutable; any thread; a look-up walks a list.
 *
 * @param cpus   ascending by number, at least one
 * @param caches by level, then by first CPU; empty if the system does not tell
 * @param nodes  ascending by number, at least one; every CPU is on one of them
 */
public record Topology(List<Cpu> cpus, List<CpuCache> caches, List<NumaNode> nodes) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no CPU or no node
     */
    public Topology {
        cpus = List.copyOf(cpus);
        caches = List.copyOf(caches);
        nodes = List.copyOf(nodes);
        if (cpus.isEmpty() || nodes.isEmpty()) {
            throw new IllegalArgumentException("a machine has at least one CPU and one node");
        }
    }

    /**
     * A machine of which only the CPUs are known: each is a core of one package on node 0.
     *
     * @param cpus at least one
     * @return the topology
     */
    public static Topology flat(CpuSet cpus) {
        List<Cpu> all = new ArrayList<>();
        cpus.stream().forEach(cpu -> all.add(new Cpu(cpu, 0, all.size(), 0, 0)));
        return new Topology(all, List.of(), List.of(new NumaNode(0, cpus, 0, List.of())));
    }

    /**
     * A CPU by its number.
     *
     * @param number operating system CPU number
     * @return the CPU, or {@code null} if there is none of that number
     */
    public Cpu cpu(int number) {
        for (Cpu cpu : cpus) {
            if (cpu.number() == number) {
                return cpu;
            }
        }
        return null;
    }

    /**
     * The node of a CPU.
     *
     * @param cpu operating system CPU number
     * @return the node's number, 0 if there is no such CPU
     */
    public int nodeOf(int cpu) {
        Cpu found = cpu(cpu);
        return found == null ? 0 : found.node();
    }

    /**
     * A node by its number.
     *
     * @param number the number
     * @return the node, or {@code null} if there is none of that number
     */
    public NumaNode node(int number) {
        for (NumaNode node : nodes) {
            if (node.number() == number) {
                return node;
            }
        }
        return null;
    }

    /**
     * The hardware threads of the core that a CPU is one of (SMT siblings), itself included.
     *
     * @param cpu operating system CPU number
     * @return a set; empty if there is no such CPU
     */
    public CpuSet siblings(int cpu) {
        Cpu one = cpu(cpu);
        return one == null ? CpuSet.EMPTY
                : CpuSet.of(cpus.stream().filter(other -> other.core() == one.core()).mapToInt(Cpu::number).toArray());
    }

    /**
     * The largest cache that a CPU shares with others or has for itself.
     *
     * @param cpu operating system CPU number
     * @return the cache of the highest level, or {@code null} if the system does not tell
     */
    public CpuCache lastLevelCache(int cpu) {
        CpuCache last = null;
        for (CpuCache cache : caches) {
            if (cache.cpus().contains(cpu) && cache.kind() != CpuCache.Kind.INSTRUCTION && (last == null || cache.level() > last.level())) {
                last = cache;
            }
        }
        return last;
    }

    /**
     * How many processor packages there are.
     *
     * @return from 1
     */
    public int packages() {
        return (int) cpus.stream().mapToInt(Cpu::packageId).distinct().count();
    }

    /**
     * How many cores there are.
     *
     * @return from 1
     */
    public int cores() {
        return (int) cpus.stream().mapToInt(Cpu::core).distinct().count();
    }

    /**
     * How many processor groups there are.
     *
     * @return 1 everywhere but on large Windows machines
     */
    public int groups() {
        return (int) cpus.stream().mapToInt(Cpu::group).distinct().count();
    }
}
