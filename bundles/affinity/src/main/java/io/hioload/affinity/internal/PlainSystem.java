package io.hioload.affinity.internal;

import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Topology;
import java.util.List;
import java.util.stream.IntStream;

/** Where the operating system alone decides: as many CPUs as the virtual machine counts, and no pinning. */
final class PlainSystem implements HostSystem {

    private final String limitation;

    /** Says why. */
    PlainSystem(String limitation) {
        this.limitation = limitation;
    }

    @Override
    public Topology readTopology() {
        return Topology.flat(cpus());
    }

    @Override
    public CpuLimits limits() {
        return new CpuLimits(cpus(), Double.POSITIVE_INFINITY, List.of());
    }

    private static CpuSet cpus() {
        return CpuSet.of(IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray());
    }

    @Override
    public int nodeOfInterface(String name) {
        return NO_NODE;
    }

    @Override
    public long threadId() {
        return 0;
    }

    @Override
    public CpuSet cpusOf(long thread) {
        return CpuSet.EMPTY;
    }

    @Override
    public String restrict(long thread, CpuSet cpus) {
        return limitation;
    }

    @Override
    public String limitation() {
        return limitation;
    }
}
