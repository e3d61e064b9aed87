package io.hioload.reactor.internal;

import io.hioload.affinity.Affinity;
import java.util.Map;

/** An affinity of so many CPUs on one node that cannot pin. */
record FixedCpus(int cpus) implements Affinity {

    @Override
    public int[] usableCpus() {
        return java.util.stream.IntStream.range(0, cpus).toArray();
    }

    @Override
    public int nodeOf(int cpu) {
        return 0;
    }

    @Override
    public boolean pin(int cpu) {
        return false;
    }

    @Override
    public boolean unpin() {
        return false;
    }

    @Override
    public String limitation() {
        return "a test does not pin";
    }

    @Override
    public String probeName() {
        return "affinity";
    }

    @Override
    public Map<String, Object> probe() {
        return Map.of();
    }
}
