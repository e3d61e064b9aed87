package io.hioload.pool.internal;

import java.util.concurrent.ConcurrentHashMap;

/** Passes on to the real source, remembers what is mapped, and refuses when told to. */
final class FaultySource implements PageSource {

    final ConcurrentHashMap<Long, Long> mapped = new ConcurrentHashMap<>();
    private final PageSource real;
    volatile boolean refusing;

    FaultySource(PageSource real) {
        this.real = real;
    }

    @Override
    public long map(long bytes, int node) {
        if (refusing) {
            return 0;
        }
        long address = real.map(bytes, node);
        mapped.put(address, bytes);
        return address;
    }

    @Override
    public void unmap(long address, long bytes) {
        if (!mapped.remove(address, bytes)) {
            throw new AssertionError("unmapped what was not mapped so");
        }
        real.unmap(address, bytes);
    }

    long mappedBytes() {
        return mapped.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public String hugePages() {
        return real.hugePages();
    }

    @Override
    public long hugePageBytes() {
        return real.hugePageBytes();
    }

    @Override
    public String failure() {
        return refusing ? "refused by the test" : real.failure();
    }
}
