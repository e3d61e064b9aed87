package io.hioload.buffer;

/**
 * One reading of a pool manager's gauges.
 *
 * @param ceilingBytes  the most that may be mapped
 * @param mappedBytes   mapped from the system now
 * @param inUseBytes    capacity of the buffers that are acquired now
 * @param inUseBuffers  buffers that are acquired now
 * @param hits          acquires served from a cache
 * @param misses        acquires that had to cut or map new memory
 * @param refusals      acquires that got nothing because of the ceiling
 * @param hugePageBytes of the mapped bytes, those on huge pages
 * @param freeBytes     of the mapped bytes, those that lie ready in caches
 * @param trimmedBytes  unmapped so far because nobody needed them
 */
public record PoolGauges(long ceilingBytes, long mappedBytes, long inUseBytes, long inUseBuffers, long hits, long misses,
        long refusals, long hugePageBytes, long freeBytes, long trimmedBytes) {
}
