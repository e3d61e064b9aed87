package io.hioload.pool.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Passes on to the real source, remembers what is mapped, and refuses when told to. */
final class FaultySource implements PageSource {

    final ConcurrentSkipListMap<Long, Long> mapped = new ConcurrentSkipListMap<>();
    private final Map<Long, Long> pretended = new ConcurrentHashMap<>();
    private final PageSource real;
    volatile boolean refusing;
    /** Only note what is unmapped, so that its use fails a test and does not end the virtual machine. */
    volatile boolean pretendsToUnmap;

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
        if (pretendsToUnmap) {
            pretended.put(address, bytes);
        } else {
            real.unmap(address, bytes);
        }
    }

    /** Whether the byte is in what is mapped now. */
    boolean isMapped(long address) {
        Map.Entry<Long, Long> mapping = mapped.floorEntry(address);
        return mapping != null && address < mapping.getKey() + mapping.getValue();
    }

    /** Unmaps in earnest, whoever uses it. */
    void unmapAll() {
        pretendsToUnmap = false;
        pretended.forEach(real::unmap);
        pretended.clear();
        mapped.forEach(real::unmap);
        mapped.clear();
    }

    long mappedBytes() {
        return mapped.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public String binding() {
        return real.binding();
    }

    @Override
    public void wantHugePages(boolean wanted) {
        real.wantHugePages(wanted);
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
