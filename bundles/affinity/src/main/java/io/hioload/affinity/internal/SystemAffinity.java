package io.hioload.affinity.internal;

import io.hioload.affinity.Affinity;
import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.NumaNode;
import io.hioload.affinity.Placement;
import io.hioload.affinity.PlacementPlan;
import io.hioload.affinity.Topology;
import io.hioload.ffm.Os;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/**
 * Affinity on the system that it runs on: Linux and Windows place threads, on any other the operating system does. Any
 * thread. Holds the topology from when it was first asked for; reads it again when CPUs have come online since.
 */
@Component(service = Affinity.class)
public final class SystemAffinity implements Affinity {

    private final HostSystem system;
    /** Guarded by this; null until it is asked for. */
    private Topology topology;
    private volatile PlacementPlan lastPlan;
    /** Why the last pinning or unpinning failed; empty when it did not. */
    private volatile String failure = "";

    /** Finds out what the system can do. */
    public SystemAffinity() {
        this(systemOf(Os.current()));
    }

    SystemAffinity(HostSystem system) {
        this.system = system;
    }

    static HostSystem systemOf(Os os) {
        return switch (os) {
            case LINUX -> new LinuxSystem();
            case WINDOWS -> windows();
            case MACOS, OTHER ->
                new PlainSystem("threads are pinned on Linux and Windows only, this is " + System.getProperty("os.name"));
        };
    }

    private static HostSystem windows() {
        try {
            return new WindowsSystem(new JnaWindowsCalls());
        } catch (LinkageError e) {
            return new PlainSystem("add net.java.dev.jna:jna-platform to pin threads on Windows: " + e);
        }
    }

    @Override
    public int[] usableCpus() {
        return system.limits().usable().toArray();
    }

    @Override
    public CpuLimits limits() {
        return system.limits();
    }

    @Override
    public int nodeOf(int cpu) {
        return topology().nodeOf(cpu);
    }

    @Override
    public Topology topology() {
        return topologyOf(CpuSet.EMPTY);
    }

    private synchronized Topology topologyOf(CpuSet wanted) {
        if (topology == null || wanted.stream().anyMatch(cpu -> topology.cpu(cpu) == null)) {
            topology = system.readTopology();
        }
        return topology;
    }

    @Override
    public PlacementPlan plan(Placement placement, int threads) {
        CpuLimits limits = system.limits();
        int node = placement.policy() == Placement.Policy.NEAR ? system.nodeOfInterface(placement.networkInterface()) : HostSystem.NO_NODE;
        PlacementPlan plan = new PlacementPlanner(topologyOf(limits.usable()), limits).plan(placement, threads, node);
        lastPlan = plan;
        return plan;
    }

    @Override
    public long threadId() {
        return system.threadId();
    }

    @Override
    public CpuSet cpusOf(long threadId) {
        return system.cpusOf(threadId);
    }

    @Override
    public boolean pin(int cpu) {
        return pin(HostSystem.CALLING_THREAD, cpu);
    }

    @Override
    public boolean pin(long threadId, int cpu) {
        CpuSet usable = system.limits().usable();
        if (!usable.contains(cpu)) {
            return done("CPU " + cpu + " is not usable by this process: " + usable);
        }
        return done(system.restrict(threadId, CpuSet.of(cpu)));
    }

    @Override
    public boolean unpin() {
        return unpin(HostSystem.CALLING_THREAD);
    }

    @Override
    public boolean unpin(long threadId) {
        return done(system.restrict(threadId, system.limits().usable()));
    }

    private boolean done(String reason) {
        failure = reason;
        return reason.isEmpty();
    }

    @Override
    public String limitation() {
        String general = system.limitation();
        return general.isEmpty() ? failure : general;
    }

    @Override
    public String probeName() {
        return "affinity";
    }

    @Override
    public Map<String, Object> probe() {
        Topology machine = topology();
        CpuLimits limits = limits();
        PlacementPlan plan = lastPlan;
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("usableCpus", limits.usable().toString());
        state.put("quotaCpus", limits.quota() == Double.POSITIVE_INFINITY ? "none" : limits.quota());
        state.put("limits", limits.reasons());
        state.put("packages", machine.packages());
        state.put("cores", machine.cores());
        state.put("cpus", machine.cpus().size());
        state.put("groups", machine.groups());
        Map<String, String> nodes = new LinkedHashMap<>();
        for (NumaNode node : machine.nodes()) {
            nodes.put("node" + node.number(), node.cpus().toString());
        }
        state.put("nodes", nodes);
        state.put("caches", CacheSummary.of(machine));
        state.put("lastPlan",
                plan == null ? "" : plan.placement() + ": " + plan.cpus() + (plan.note().isEmpty() ? "" : ", " + plan.note()));
        state.put("limitation", limitation());
        return state;
    }
}
