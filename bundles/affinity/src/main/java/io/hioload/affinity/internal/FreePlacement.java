package io.hioload.affinity.internal;

import java.util.stream.IntStream;

/** Where the operating system alone decides: as many CPUs as the virtual machine counts, and no pinning. */
final class FreePlacement implements ThreadPlacement {

    private final String limitation;

    /** Says why. */
    FreePlacement(String limitation) {
        this.limitation = limitation;
    }

    @Override
    public int[] usableCpus() {
        return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
    }

    @Override
    public String restrictTo(int... cpus) {
        return limitation;
    }

    @Override
    public String limitation() {
        return limitation;
    }
}
