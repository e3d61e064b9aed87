package io.hioload.pool.internal;

import io.hioload.buffer.PoolGauges;

/** Sums the gauges of many pools. For one thread. */
final class Tally {

    private long inUseBytes;
    private long inUseBuffers;
    private long hits;
    private long misses;
    private long refusals;
    private long freeBytes;

    void addInUse(long buffers, long bytes) {
        inUseBuffers += buffers;
        inUseBytes += bytes;
    }

    void addFree(long bytes) {
        freeBytes += bytes;
    }

    void addAcquires(long hit, long missed, long refused) {
        hits += hit;
        misses += missed;
        refusals += refused;
    }

    PoolGauges toGauges(long ceilingBytes, long mappedBytes, long hugePageBytes, long trimmedBytes) {
        return new PoolGauges(ceilingBytes, mappedBytes, inUseBytes, inUseBuffers, hits, misses, refusals, hugePageBytes, freeBytes,
                trimmedBytes);
    }
}
