package io.hioload.affinity.internal;

import io.hioload.affinity.Cpu;
import io.hioload.affinity.CpuCache;
import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.NumaNode;
import io.hioload.affinity.Placement;
import io.hioload.affinity.PlacementPlan;
import io.hioload.affinity.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Orders the usable CPUs of a machine by a rule and deals them out to threads. For one thread and one plan; costs some
 * sorting.
 */
final class PlacementPlanner {

    private final Topology topology;
    private final CpuLimits limits;
    private final List<Cpu> usable;
    /** The first CPU of a CPU's last-level cache, or of its package where caches are not known. */
    private final Map<Cpu, Integer> cacheOf = new HashMap<>();
    /** How many usable CPUs of the same core come before a CPU. */
    private final Map<Cpu, Integer> rankOf = new HashMap<>();

    PlacementPlanner(Topology topology, CpuLimits limits) {
        this.topology = topology;
        this.limits = limits;
        this.usable = topology.cpus().stream().filter(cpu -> limits.usable().contains(cpu.number())).toList();
        Map<Integer, Integer> threadsOfCore = new HashMap<>();
        for (Cpu cpu : usable) {
            CpuCache cache = topology.lastLevelCache(cpu.number());
            cacheOf.put(cpu, cache == null || cache.level() < 2 ? -1 - cpu.packageId() : cache.cpus().first());
            rankOf.put(cpu, threadsOfCore.merge(cpu.core(), 1, Integer::sum) - 1);
        }
    }

    /**
     * Makes a plan.
     *
     * @param interfaceNode for {@link Placement.Policy#NEAR}: see {@link HostSystem#nodeOfInterface}
     */
    PlacementPlan plan(Placement placement, int threads, int interfaceNode) {
        String note = note(placement, threads, interfaceNode);
        List<Cpu> order = switch (placement.policy()) {
            case SPREAD -> spread(usable);
            case COMPACT -> compact();
            case NEAR -> topology.node(interfaceNode) == null ? spread(usable) : near(topology.node(interfaceNode));
        };
        List<Integer> cpus = new ArrayList<>();
        List<Integer> nodes = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Cpu cpu = order.get(i % order.size());
            cpus.add(cpu.number());
            nodes.add(cpu.node());
        }
        return new PlacementPlan(placement, cpus, nodes, note);
    }

    private String note(Placement placement, int threads, int interfaceNode) {
        List<String> notes = new ArrayList<>();
        if (placement.policy() == Placement.Policy.NEAR) {
            if (interfaceNode == HostSystem.NO_INTERFACE) {
                notes.add("there is no network interface " + placement.networkInterface() + ": spread");
            } else if (topology.node(interfaceNode) == null && topology.nodes().size() > 1) {
                notes.add("the system does not tell the node of " + placement.networkInterface() + ": spread");
            } else if (topology.nodes().size() > 1 && usable.stream().noneMatch(cpu -> cpu.node() == interfaceNode)) {
                notes.add("no CPU of node " + interfaceNode + ", where " + placement.networkInterface() + " is, is usable");
            }
        }
        if (threads > limits.usable().size()) {
            notes.add(threads + " threads share " + limits.usable().size() + " usable CPUs");
        } else if (threads > limits.parallelism()) {
            notes.add(threads + " threads share the time of " + limits.quota() + " CPUs");
        }
        return String.join("; ", notes);
    }

    private List<Cpu> compact() {
        return usable.stream().sorted(Comparator.comparingInt(Cpu::node).thenComparing(cacheOf::get).thenComparingInt(Cpu::core)).toList();
    }

    private List<Cpu> near(NumaNode to) {
        Map<Integer, List<Cpu>> byDistance = new TreeMap<>(Comparator.comparingInt((Integer node) -> distance(to, node))
                .thenComparingInt(node -> node));
        usable.forEach(cpu -> byDistance.computeIfAbsent(cpu.node(), node -> new ArrayList<>()).add(cpu));
        List<Cpu> order = new ArrayList<>();
        byDistance.values().forEach(cpus -> order.addAll(spread(cpus)));
        return order;
    }

    private int distance(NumaNode from, int node) {
        if (from.number() == node) {
            return 0;
        }
        int index = topology.nodes().indexOf(topology.node(node));
        return index >= 0 && index < from.distances().size() ? from.distances().get(index) : Integer.MAX_VALUE;
    }

    /** First one thread of each core, then the second ones. */
    private List<Cpu> spread(List<Cpu> cpus) {
        Map<Integer, List<Cpu>> byRank = groups(cpus, rankOf::get);
        List<Cpu> order = new ArrayList<>();
        byRank.values().forEach(sameRank -> order.addAll(deal(sameRank, List.of(Cpu::packageId, Cpu::node, cacheOf::get, Cpu::core))));
        return order;
    }

    /** Orders each group by the further levels and then takes from the groups in turn. */
    private static List<Cpu> deal(List<Cpu> cpus, List<ToIntFunction<Cpu>> levels) {
        if (levels.isEmpty()) {
            return cpus;
        }
        List<List<Cpu>> groups = new ArrayList<>();
        groups(cpus, levels.getFirst()).values().forEach(group -> groups.add(deal(group, levels.subList(1, levels.size()))));
        List<Cpu> order = new ArrayList<>();
        for (int i = 0; order.size() < cpus.size(); i++) {
            for (List<Cpu> group : groups) {
                if (i < group.size()) {
                    order.add(group.get(i));
                }
            }
        }
        return order;
    }

    private static Map<Integer, List<Cpu>> groups(List<Cpu> cpus, ToIntFunction<Cpu> key) {
        Map<Integer, List<Cpu>> groups = new TreeMap<>();
        cpus.forEach(cpu -> groups.computeIfAbsent(key.applyAsInt(cpu), k -> new ArrayList<>()).add(cpu));
        return groups;
    }
}
