package io.hioload.affinity.internal;

/** What an operating system can do about where threads run. Any thread; what pins concerns the calling one. */
interface ThreadPlacement {

    /** The CPUs that the process may run on now, ascending; at least one. */
    int[] usableCpus();

    /**
     * Lets the calling thread run on these CPUs only.
     *
     * @return why not, or the empty string if it was done
     */
    String restrictTo(int... cpus);

    /** Why no thread can be placed here, or the empty string. */
    String limitation();
}
