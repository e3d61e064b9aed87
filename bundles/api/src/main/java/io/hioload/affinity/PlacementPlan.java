package io.hioload.affinity;

import java.util.List;

/**
 * Which CPU each thread of a group gets. Immutable; any thread.
 *
 * @param placement what was asked for
 * @param cpus      the CPU of each thread, as many as there are threads; a CPU comes twice only when there are more threads
 *                  than usable CPUs
 * @param nodes     the NUMA node of each thread, in the same order
 * @param note      what could not be done as asked for and why, or the empty string
 */
public record PlacementPlan(Placement placement, List<Integer> cpus, List<Integer> nodes, String note) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if they differ in length
     */
    public PlacementPlan {
        cpus = List.copyOf(cpus);
        nodes = List.copyOf(nodes);
        if (cpus.size() != nodes.size()) {
            throw new IllegalArgumentException(cpus.size() + " CPUs, " + nodes.size() + " nodes");
        }
    }

    /**
     * The CPU of a thread.
     *
     * @param thread from 0
     * @return operating system CPU number
     */
    public int cpu(int thread) {
        return cpus.get(thread);
    }

    /**
     * The NUMA node of a thread.
     *
     * @param thread from 0
     * @return the node's number
     */
    public int node(int thread) {
        return nodes.get(thread);
    }
}
