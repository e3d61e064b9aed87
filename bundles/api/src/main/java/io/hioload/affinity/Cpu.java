package io.hioload.affinity;

/**
 * One CPU as the operating system counts them, that is a hardware thread.
 *
 * @param number     its number, see {@link CpuSet}
 * @param packageId  the processor package (socket) that it is in
 * @param core       the core that it is a thread of, numbered over the whole machine from 0 in the order of their first CPUs
 * @param node       its NUMA node
 * @param group      its processor group on Windows, elsewhere 0
 */
public record Cpu(int number, int packageId, int core, int node, int group) {
}
