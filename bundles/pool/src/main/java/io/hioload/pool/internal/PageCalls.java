package io.hioload.pool.internal;

/** The system calls about pages; a facade, so that tests can have them fail. Any thread. */
interface PageCalls {

    /**
     * Maps zeroed private memory, mmap(2).
     *
     * @param reservedHuge from the reserved huge pages of 2 MiB (MAP_HUGETLB)
     * @return the address, or a negative error number
     */
    long map(long bytes, boolean reservedHuge);

    /** Unmaps, munmap(2); 0 or a negative error number. */
    int unmap(long address, long bytes);

    /** Asks for transparent huge pages, madvise(2) MADV_HUGEPAGE; 0 or a negative error number. */
    int adviseHuge(long address, long bytes);

    /** Has pages come from a node while it has any, mbind(2) MPOL_PREFERRED; 0 or a negative error number. */
    int prefer(long address, long bytes, int node);

    /** The switch of transparent huge pages, such as {@code always [madvise] never}; empty if it cannot be read. */
    String transparentHugePages();
}
