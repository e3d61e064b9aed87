package io.hioload.pool.internal;

/** Where mappings come from: the operating system, or a test that refuses. Any thread. */
interface PageSource {

    /**
     * Maps zeroed, page-aligned memory that takes pages only where it is touched.
     *
     * @param bytes how much
     * @param node  the NUMA node that the caller runs on. The first touch places a page, so what reactors use is local
     *              to them; a source that binds memory to nodes does it here.
     * @return the address, or 0 if there is none: {@link #failure} says why
     */
    long map(long bytes, int node);

    /** Unmaps what {@link #map} gave, as a whole. */
    void unmap(long address, long bytes);

    /** What it is, for people. */
    String name();

    /** Whether huge pages serve, and if not, why; for people. */
    String hugePages();

    /** How much of what is mapped now is on huge pages. */
    long hugePageBytes();

    /** Why the last mapping failed, or the empty string. */
    String failure();
}
