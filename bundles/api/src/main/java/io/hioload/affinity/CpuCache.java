package io.hioload.affinity;

/**
 * One cache of the machine.
 *
 * @param level     1 is the nearest to a core
 * @param kind      what it holds
 * @param sizeBytes how much, 0 if the system does not tell
 * @param lineBytes the size of a line, 0 if the system does not tell
 * @param cpus      who shares it
 */
public record CpuCache(int level, Kind kind, long sizeBytes, int lineBytes, CpuSet cpus) {

    /** What a cache holds. */
    public enum Kind {
        /** Data only. */
        DATA,
        /** Instructions only. */
        INSTRUCTION,
        /** Both. */
        UNIFIED,
        /** Decoded instructions; Windows counts those too. */
        TRACE
    }
}
