package io.hioload.affinity.internal;

import io.hioload.affinity.Affinity;
import io.hioload.ffm.Os;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/**
 * Affinity on the system that it runs on: Linux places threads, on any other the operating system does. Any thread; pinning
 * concerns the calling one. Holds the NUMA topology as it was at construction.
 */
@Component(service = Affinity.class)
public final class SystemAffinity implements Affinity {

    private final ThreadPlacement placement;
    private final NumaNodes nodes;
    /** Why the last pinning or unpinning failed; empty when it did not. */
    private volatile String failure = "";

    /** Finds out what the system can do. */
    public SystemAffinity() {
        this(placementOf(Os.current()), Os.current() == Os.LINUX ? NumaNodes.read(NumaNodes.SYSFS) : NumaNodes.none());
    }

    SystemAffinity(ThreadPlacement placement, NumaNodes nodes) {
        this.placement = placement;
        this.nodes = nodes;
    }

    static ThreadPlacement placementOf(Os os) {
        return os == Os.LINUX ? new LinuxPlacement()
                : new FreePlacement("threads are pinned on Linux only, this is " + System.getProperty("os.name"));
    }

    @Override
    public int[] usableCpus() {
        return placement.usableCpus();
    }

    @Override
    public int nodeOf(int cpu) {
        return nodes.nodeOf(cpu);
    }

    @Override
    public boolean pin(int cpu) {
        int[] usable = placement.usableCpus();
        if (Arrays.binarySearch(usable, cpu) < 0) {
            return done("CPU " + cpu + " is not usable by this process: " + CpuList.format(usable));
        }
        return done(placement.restrictTo(cpu));
    }

    @Override
    public boolean unpin() {
        return done(placement.restrictTo(placement.usableCpus()));
    }

    private boolean done(String reason) {
        failure = reason;
        return reason.isEmpty();
    }

    @Override
    public String limitation() {
        String general = placement.limitation();
        return general.isEmpty() ? failure : general;
    }

    @Override
    public String probeName() {
        return "affinity";
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("usableCpus", CpuList.format(placement.usableCpus()));
        state.put("nodes", nodes.describe());
        state.put("limitation", limitation());
        return state;
    }
}
