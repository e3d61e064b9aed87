package io.hioload.pool.internal;

/** Where mappings come from: the operating system, or a test that refuses. Any thread. */
interface PageSource {

    /**
     * Maps zeroed, page-aligned memory that takes pages only where it is touched.
     *
     * @param bytes how much
     * @param node  the NUMA node that it is to be on, {@link io.hioload.buffer.BufferPoolManager#ANY_NODE} to leave it to the
     *              first touch of each page
     * @return the address, or 0 if there is none: {@link #failure} says why
     */
    long map(long bytes, int node);

    /** Unmaps what {@link #map} gave, as a whole. */
    void unmap(long address, long bytes);

    /** What it is, for people. */
    String name();

    /** Whether huge pages serve, and if not, why; for people. */
    String hugePages();

    /** Whether memory is on the nodes that it was mapped for, and if that is left to chance, why; for people. */
    String binding();

    /** Whether to ask for huge pages from now on. */
    void wantHugePages(boolean wanted);

    /** How much of what is mapped now is on huge pages. */
    long hugePageBytes();

    /** Why the last mapping failed, or the empty string. */
    String failure();
}
