package io.hioload.affinity;

import java.util.List;

/**
 * One NUMA node.
 *
 * @param number      its number; there may be gaps
 * @param cpus        its CPUs; none if the node is memory only
 * @param memoryBytes its memory, 0 if the system does not tell
 * @param distances   how far it is to the nodes in the order of {@link Topology#nodes}, 10 to itself (ACPI SLIT); empty if
 *                    the system does not tell
 */
public record NumaNode(int number, CpuSet cpus, long memoryBytes, List<Integer> distances) {

    /** Copies the list. */
    public NumaNode {
        distances = List.copyOf(distances);
    }
}
