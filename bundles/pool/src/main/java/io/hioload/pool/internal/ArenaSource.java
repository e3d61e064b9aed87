package io.hioload.pool.internal;

import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentHashMap;

/** Memory from {@link Arena}s, one for each mapping: the fallback on systems without our mmap. Any thread. */
final class ArenaSource implements PageSource {

    private static final long ALIGNMENT_BYTES = 4096;

    private final ConcurrentHashMap<Long, Arena> arenas = new ConcurrentHashMap<>();
    private volatile String hugePages;
    private volatile String failure = "";

    ArenaSource(boolean hugePages) {
        wantHugePages(hugePages);
    }

    @Override
    public void wantHugePages(boolean wanted) {
        hugePages = wanted ? "none: not supported on " + System.getProperty("os.name") : "off";
    }

    @Override
    public String binding() {
        return "first touch: not supported on " + System.getProperty("os.name");
    }

    @Override
    public long map(long bytes, int node) {
        Arena arena = Arena.ofShared();
        try {
            long address = arena.allocate(bytes, ALIGNMENT_BYTES).address();
            arenas.put(address, arena);
            return address;
        } catch (OutOfMemoryError e) {
            arena.close();
            failure = bytes + " bytes: " + e.getMessage();
            return 0;
        }
    }

    @Override
    public void unmap(long address, long bytes) {
        arenas.remove(address).close();
    }

    @Override
    public String name() {
        return "arena";
    }

    @Override
    public String hugePages() {
        return hugePages;
    }

    @Override
    public long hugePageBytes() {
        return 0;
    }

    @Override
    public String failure() {
        return failure;
    }
}
